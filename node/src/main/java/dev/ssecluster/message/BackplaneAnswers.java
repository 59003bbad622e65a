package dev.ssecluster.message;

import dev.ssecluster.backplane.BackplaneUnavailableException;
import dev.ssecluster.event.StoreUnavailableException;
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

    /**
     * Empty while Redis is away.
     *
     * @throws StoreUnavailableException when the database was away for so long that the journal is too long to be read
     */
    static <T> Optional<T> ifThere(CompletableFuture<T> answer) {
        try {
            return Optional.of(answer.join());
        } catch (CompletionException e) {
            return switch (e.getCause()) {
                case BackplaneUnavailableException _ -> Optional.empty();
                case StoreUnavailableException away -> throw new StoreUnavailableException(String.valueOf(away.getMessage()), away);
                case null, default -> throw e;
            };
        }
    }

    /**
     * @throws RefusedException while Redis is away
     * @throws StoreUnavailableException as above
     */
    static <T> T required(CompletableFuture<T> answer) {
        return ifThere(answer).orElseThrow(BackplaneAnswers::unavailable);
    }

    static RefusedException unavailable() {
        return RefusedException.of(ProblemType.UNAVAILABLE).retryAfter(RETRY_AFTER);
    }
}
