package dev.ssecluster.message;

import dev.ssecluster.backplane.BackplaneUnavailableException;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Waits for what Redis answers, within the time that the backplane gives it. */
final class BackplaneAnswers {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private BackplaneAnswers() {}

    /** Empty while Redis is away. */
    static <T> Optional<T> ifThere(CompletableFuture<T> answer) {
        try {
            return Optional.of(answer.join());
        } catch (CompletionException e) {
            if (e.getCause() instanceof BackplaneUnavailableException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** @throws RefusedException while Redis is away */
    static <T> T required(CompletableFuture<T> answer) {
        return ifThere(answer).orElseThrow(BackplaneAnswers::unavailable);
    }

    static RefusedException unavailable() {
        return RefusedException.of(ProblemType.UNAVAILABLE).retryAfter(RETRY_AFTER);
    }
}
