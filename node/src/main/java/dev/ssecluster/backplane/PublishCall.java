package dev.ssecluster.backplane;

import dev.ssecluster.backplane.PublishScript.Outgoing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** The messages that go to Redis in one call, and whose they are. */
final class PublishCall {

    private final List<Part> parts = new ArrayList<>();
    private final List<Outgoing> messages = new ArrayList<>();
    private long bytes;
    private volatile long sentAt = System.nanoTime();

    private record Part(Submission submission, int from, int to) {}

    List<Outgoing> messages() {
        return messages;
    }

    long sentAt() {
        return sentAt;
    }

    void isSentNow() {
        sentAt = System.nanoTime();
    }

    /** Takes as many messages as fit, in their order. Under the lock of {@link Publisher}. */
    void takeFrom(Submission submission, int mostMessages, long mostBytes) {
        int from = submission.taken();
        while (submission.untaken() > 0 && fits(submission.next(), mostMessages, mostBytes)) {
            Outgoing message = submission.take();
            bytes += message.size();
            messages.add(message);
        }
        if (submission.taken() > from) {
            parts.add(new Part(submission, from, submission.taken()));
        }
    }

    /** The moments after which nobody waits any more, {@link System#nanoTime}, one for each message. */
    long[] deadlines() {
        long[] deadlines = new long[messages.size()];
        int i = 0;
        for (Part part : parts) {
            for (int each = part.from; each < part.to; each++) {
                deadlines[i++] = part.submission.deadline();
            }
        }
        return deadlines;
    }

    /** Gives each message its result, by its index in this call; answers who has all results now. Under the lock. */
    List<Submission> answer(IntFunction<PublishResult> results) {
        List<Submission> complete = new ArrayList<>();
        int i = 0;
        for (Part part : parts) {
            for (int each = part.from; each < part.to; each++) {
                if (part.submission.answer(each, results.apply(i++))) {
                    complete.add(part.submission);
                }
            }
        }
        return complete;
    }

    private boolean fits(Outgoing message, int mostMessages, long mostBytes) {
        return messages.isEmpty() || (messages.size() < mostMessages && bytes + message.size() <= mostBytes);
    }
}
