package dev.ssecluster.publish;

import dev.ssecluster.backplane.PublishResult;
import dev.ssecluster.backplane.PublishResult.Accepted;
import dev.ssecluster.backplane.PublishResult.JournalFull;
import dev.ssecluster.backplane.PublishResult.KeyReused;
import dev.ssecluster.backplane.PublishResult.NotSent;
import dev.ssecluster.backplane.PublishResult.Unknown;
import dev.ssecluster.message.Written;
import dev.ssecluster.model.Sent;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;
import dev.ssecluster.publish.Sender.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Makes answers of what became of messages. */
final class Results {

    /** About as long as the backplane takes to reconnect. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private Results() {}

    /** @throws RefusedException when it was not accepted, or it is not certain that it was */
    static Sent sent(Outcome outcome) {
        Accepted accepted = accepted(outcome.result());
        Boolean journaled = isJournaled(outcome.written()) ? true : null;
        boolean persisted = outcome.publication().persisted() && journaled == null;
        long expiry = Sender.expiry(outcome.publication(), accepted);
        return new Sent(Long.toString(accepted.id()), accepted.nodes(), persisted, journaled, expiry == 0 ? null : instant(expiry));
    }

    private static Accepted accepted(PublishResult result) {
        return switch (result) {
            case Accepted accepted -> accepted;
            case KeyReused _ -> throw RefusedException.of(ProblemType.IDEMPOTENCY_KEY_REUSED);
            case NotSent _ -> throw later(ProblemType.NOT_SENT);
            case JournalFull _ -> throw later(ProblemType.JOURNAL_FULL);
            case Unknown _ -> throw later(ProblemType.OUTCOME_UNKNOWN);
        };
    }

    private static boolean isJournaled(@Nullable Written written) {
        return switch (written) {
            case null -> false;
            case STORED -> false;
            case JOURNALED -> true;
            case REFUSED -> throw RefusedException.of(ProblemType.NOT_STORABLE);
            case UNKNOWN -> throw later(ProblemType.OUTCOME_UNKNOWN);
        };
    }

    private static RefusedException later(ProblemType type) {
        return RefusedException.of(type).retryAfter(RETRY_AFTER);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
