package dev.ssecluster.stream;

import dev.ssecluster.loadtest.SseParser;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A peer that takes some writes at once and some later. Written to by its shard, completed by another thread. */
final class RandomSink implements Sink {

    private final Stream stream;
    private final Random random;
    private final Executor completers;
    private final Queue<String> violations;
    private final SseParser parser = new SseParser();
    private final List<Long> ids = new ArrayList<>(); // guarded by this
    private final List<String> ownEvents = new ArrayList<>(); // guarded by this
    private volatile boolean pending;
    private volatile boolean closed;
    volatile boolean ending; // the peer is about to go
    private @Nullable Thread shard;

    RandomSink(Stream stream, long seed, Executor completers, Queue<String> violations) {
        this.stream = stream;
        this.random = new Random(seed);
        this.completers = completers;
        this.violations = violations;
    }

    @Override
    public boolean write(ByteBuffer block) {
        report(pending, "written to while a write is pending");
        report(closed, "written to after its end");
        report(shard != null && shard != Thread.currentThread(), "written to by two threads");
        shard = Thread.currentThread();
        byte[] bytes = new byte[block.remaining()];
        block.get(bytes);
        record(parser.feed(bytes, bytes.length));
        pending = random.nextInt(4) == 0;
        if (pending) {
            completers.execute(this::complete);
            return false;
        }
        return true;
    }

    private void report(boolean violated, String what) {
        if (violated) {
            violations.add(what);
        }
    }

    private synchronized void record(List<SseParser.Received> events) {
        for (SseParser.Received event : events) {
            if (event.type().startsWith("sse.")) {
                ownEvents.add(event.type() + event.data());
            } else {
                ids.add(Long.parseLong(event.lastEventId().split("~", 2)[0]));
            }
        }
    }

    private void complete() {
        pending = false;
        stream.onWritten();
    }

    /** The publishers' events, as they came. */
    synchronized List<Long> ids() {
        return List.copyOf(ids);
    }

    /** The server's own events: type and data. */
    synchronized List<String> ownEvents() {
        return List.copyOf(ownEvents);
    }

    synchronized int received() {
        return ids.size();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public int unwritten() {
        return 0;
    }

    @Override
    public void close() {
        closed = true;
    }
}
