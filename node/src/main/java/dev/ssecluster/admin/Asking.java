package dev.ssecluster.admin;

import dev.ssecluster.backplane.Answers;
import dev.ssecluster.backplane.Backplane;
import dev.ssecluster.backplane.BackplaneUnavailableException;
import dev.ssecluster.backplane.RequestKind;
import dev.ssecluster.event.Target;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.springframework.stereotype.Component;

/** Asks all nodes on behalf of an administrator, and waits for them. Thread-safe. */
@Component
final class Asking {

    /** A node that takes longer is not waited for. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Backplane backplane;

    Asking(Backplane backplane) {
        this.backplane = backplane;
    }

    /**
     * Blocks for 2 s at most.
     *
     * @throws RefusedException while Redis is away
     */
    Answers ask(Target target, RequestKind kind, byte[] body) {
        return await(backplane.ask(target, kind, body, TIMEOUT));
    }

    /**
     * Blocks until that is there.
     *
     * @throws RefusedException while Redis is away
     */
    static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof BackplaneUnavailableException) {
                throw unavailable();
            }
            throw e;
        }
    }

    /** The answer is not known; it may be known a little later. */
    static RefusedException unavailable() {
        return RefusedException.of(ProblemType.UNAVAILABLE).retryAfter(RETRY_AFTER);
    }
}
