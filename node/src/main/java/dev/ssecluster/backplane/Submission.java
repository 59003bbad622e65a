package dev.ssecluster.backplane;

import dev.ssecluster.backplane.PublishScript.Outgoing;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One caller's messages on their way. The lock of {@link Publisher} guards what changes. */
final class Submission extends Awaited<List<PublishResult>> {

    private static final PublishResult NOT_SENT = new PublishResult.NotSent();
    private static final PublishResult UNKNOWN = new PublishResult.Unknown();

    private final List<Outgoing> messages;
    private final @Nullable PublishResult[] results;
    private final Consumer<Submission> onExpire;
    private int taken;
    private int unanswered;

    Submission(List<Outgoing> messages, long deadline, Consumer<Submission> onExpire) {
        super(deadline);
        this.messages = messages;
        this.results = new @Nullable PublishResult[messages.size()];
        this.onExpire = onExpire;
        this.unanswered = messages.size();
    }

    int size() {
        return messages.size();
    }

    /** Messages that no call has taken yet. */
    int untaken() {
        return messages.size() - taken;
    }

    int taken() {
        return taken;
    }

    Outgoing next() {
        return messages.get(taken);
    }

    Outgoing take() {
        return messages.get(taken++);
    }

    /** Whether the last result came with it. */
    boolean answer(int index, PublishResult result) {
        if (results[index] != null) {
            return false; // expired before
        }
        results[index] = result;
        return --unanswered == 0;
    }

    /** A message that was taken may have been published; the others certainly not, and will not be. */
    boolean answerRest() {
        boolean last = false;
        for (int i = 0; i < results.length; i++) {
            last |= answer(i, i < taken ? UNKNOWN : NOT_SENT);
        }
        taken = messages.size();
        return last;
    }

    /** Without the lock: what depends on it runs here. */
    void complete() {
        future.complete(List.of(Arrays.copyOf(results, results.length, PublishResult[].class)));
    }

    @Override
    void expire() {
        onExpire.accept(this);
    }
}
