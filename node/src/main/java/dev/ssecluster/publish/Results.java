package dev.ssecluster.publish;

import dev.ssecluster.backplane.PublishResult;
import dev.ssecluster.backplane.PublishResult.Accepted;
import dev.ssecluster.backplane.PublishResult.KeyReused;
import dev.ssecluster.backplane.PublishResult.NotSent;
import dev.ssecluster.backplane.PublishResult.Unknown;
import dev.ssecluster.model.Sent;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;
import java.time.Duration;

/** Makes answers of what the backplane says. */
final class Results {

    /** About as long as the backplane takes to reconnect. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private Results() {}

    /** @throws RefusedException when it was not accepted */
    static Accepted accepted(PublishResult result) {
        return switch (result) {
            case Accepted accepted -> accepted;
            case KeyReused _ -> throw RefusedException.of(ProblemType.IDEMPOTENCY_KEY_REUSED);
            case NotSent _, PublishResult.JournalFull _ -> throw RefusedException.of(ProblemType.NOT_SENT).retryAfter(RETRY_AFTER);
            case Unknown _ -> throw RefusedException.of(ProblemType.OUTCOME_UNKNOWN).retryAfter(RETRY_AFTER);
        };
    }

    static Sent sent(Accepted accepted) {
        return new Sent(Long.toString(accepted.id()), accepted.nodes(), false, null, null);
    }
}
