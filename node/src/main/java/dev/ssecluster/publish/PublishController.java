package dev.ssecluster.publish;

import dev.ssecluster.backplane.Publication;
import dev.ssecluster.event.Target;
import dev.ssecluster.limit.SendRates;
import dev.ssecluster.model.Answer;
import dev.ssecluster.model.Batch;
import dev.ssecluster.model.BatchResult;
import dev.ssecluster.model.Broadcast;
import dev.ssecluster.model.Content;
import dev.ssecluster.model.Defect;
import dev.ssecluster.model.GroupSend;
import dev.ssecluster.model.Rules;
import dev.ssecluster.model.Send;
import dev.ssecluster.model.SendApi;
import dev.ssecluster.model.Sent;
import dev.ssecluster.problem.RefusedException;
import dev.ssecluster.security.Requires;
import dev.ssecluster.security.Right;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

/** The calls that send. Runs on virtual threads; each call waits for Redis and, when it stores, for the database, in bounded time. */
@RestController
@Requires(Right.PUBLISH)
final class PublishController implements SendApi {

    private final Sender sender;
    private final Publications publications;
    private final Traces traces;
    private final BatchSender batchSender;
    private final SendRates rates;
    private final HttpServletResponse response; // stands for the response of the current request

    PublishController(Sender sender, Publications publications, Traces traces, BatchSender batchSender, SendRates rates,
            HttpServletResponse response) {
        this.sender = sender;
        this.publications = publications;
        this.traces = traces;
        this.batchSender = batchSender;
        this.rates = rates;
        this.response = response;
    }

    @Override
    public Answer<Sent> send(Send message, @Nullable String idempotencyKey) {
        return publish(Publications.target(message), message.content(), idempotencyKey);
    }

    @Override
    public Answer<Sent> sendToGroup(GroupSend message, @Nullable String idempotencyKey) {
        return publish(Target.group(message.group()), message.content(), idempotencyKey);
    }

    @Override
    public Answer<Sent> broadcast(Broadcast message, @Nullable String idempotencyKey) {
        return publish(Target.BROADCAST, message.content(), idempotencyKey);
    }

    @Override
    public Answer<List<BatchResult>> sendBatch(Batch batch, @Nullable String idempotencyKey) {
        checkKey(idempotencyKey);
        rates.take(batch.messages().size());
        return new Answer<>(batchSender.send(batch, idempotencyKey));
    }

    private Answer<Sent> publish(Target target, Content content, @Nullable String idempotencyKey) {
        checkKey(idempotencyKey);
        rates.take(1);
        Publication publication = publications.of(target, content, idempotencyKey, traces.ofRequest());
        Sender.Outcome outcome = sender.send(List.of(publication)).getFirst();
        Sent sent = Results.sent(outcome);
        if (outcome.isReplayed()) {
            response.setHeader(IDEMPOTENCY_REPLAYED, "true");
        }
        if (outcome.isJournaled()) {
            response.setStatus(HttpServletResponse.SC_ACCEPTED);
        }
        return new Answer<>(sent);
    }

    private static void checkKey(@Nullable String idempotencyKey) {
        Defect defect = idempotencyKey == null ? null : Rules.idempotencyKey(idempotencyKey);
        if (defect != null) {
            throw RefusedException.invalid(IDEMPOTENCY_KEY, defect);
        }
    }
}
