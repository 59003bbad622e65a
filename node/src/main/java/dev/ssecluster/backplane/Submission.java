package dev.ssecluster.backplane;

import dev.ssecluster.backplane.PublishScript.Outgoing;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One caller's messages on their way. The lock of {@link Publisher} guards what changes. */
final class Submission implements Deadlines.Pending {

    private static final PublishResult NOT_SENT = new PublishResult.NotSent();
    private static final PublishResult UNKNOWN = new PublishResult.Unknown();

    final CompletableFuture<List<PublishResult>> future = new CompletableFuture<>();
    private final List<Outgoing> messages;
    private final @Nullable PublishResult[] results;
    private final long deadline;
    private final Consumer<Submission> onExpire;
    private int taken;
    private int unanswered;

    Submission(List<Outgoing> messages, long deadline, Consumer<Submission> onExpire) {
        this.messages = messages;
        this.results = new @Nullable PublishResult[messages.size()];
        this.deadline = deadline;
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
    public boolean isDone() {
        return future.isDone();
    }

    @Override
    public long deadline() {
        return deadline;
    }

    @Override
    public void expire() {
        onExpire.accept(this);
    }
}
