package dev.ssecluster.body;

import dev.ssecluster.problem.ClientFaults;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;

/** Reads bodies up to a limit. Blocks until the body ends, the limit is passed or the connection fails. */
final class Bodies {

    /** An eighth of the heap for what does not fit into the first buffers; those are free. */
    private static final BodyBudget UNFINISHED = new BodyBudget(Runtime.getRuntime().maxMemory() / 8);

    /** A declared length is a promise of the client; no more than this is reserved before bytes have come. */
    private static final int FIRST = 8 * 1024;

    private Bodies() {}

    /**
     * Reads a whole body.
     *
     * @param declared its {@code Content-Length}, -1 when there is none
     * @param timeout for a body that trickles; one that stops coming ends at Jetty's idle timeout
     * @throws RefusedException when it is larger than {@code limit} bytes, or cannot be read to its end
     */
    static byte[] read(InputStream in, long declared, int limit, Duration timeout) {
        if (declared > limit) {
            throw tooLarge();
        }
        try (BodyBudget.Reservation reservation = UNFINISHED.reserve()) {
            return readUpTo(in, declared, limit, timeout, reservation);
        } catch (IOException e) {
            throw ClientFaults.whileReading(e);
        }
    }

    /** The rest of such a body is not read, so the connection cannot be used again. */
    static RefusedException tooLarge() {
        return RefusedException.of(ProblemType.BODY_TOO_LARGE).withHeader("Connection", "close");
    }

    private static byte[] readUpTo(InputStream in, long declared, int limit, Duration timeout, BodyBudget.Reservation reservation)
            throws IOException {
        byte[] buffer = new byte[declared < 0 ? FIRST : (int) Math.min(declared + 1, FIRST)];
        long deadline = System.nanoTime() + timeout.toNanos();
        int length = 0;
        int count;
        while ((count = in.read(buffer, length, buffer.length - length)) >= 0) {
            length += count;
            if (length > limit) {
                throw tooLarge();
            }
            if (System.nanoTime() - deadline > 0) {
                throw RefusedException.of(ProblemType.BODY_TIMEOUT).withHeader("Connection", "close");
            }
            if (length == buffer.length) {
                int larger = Math.min(2 * length, limit + 1);
                reservation.take(larger);
                buffer = Arrays.copyOf(buffer, larger);
            }
        }
        return length == buffer.length ? buffer : Arrays.copyOf(buffer, length);
    }
}
