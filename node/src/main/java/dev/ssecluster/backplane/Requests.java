package dev.ssecluster.backplane;

import dev.ssecluster.event.NodeId;
import dev.ssecluster.event.Target;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node asks the others, and what they ask it. PUBLISH says how many nodes have a question's channel, so the one that asks knows
 * how many answers to wait for. Thread-safe.
 */
final class Requests {

    private static final Logger log = LoggerFactory.getLogger(Requests.class);

    private final Map<RequestKind, RequestHandler> handlers = new ConcurrentHashMap<>();
    private final Map<Long, Question> open = new ConcurrentHashMap<>();

    /** Begins anywhere, so that an answer to a predecessor of the same name finds no question of this process. */
    private final AtomicLong numbers = new AtomicLong(System.nanoTime() << 20);

    private final NodeId node;
    private final Asking asking;
    private final Answering answering;
    private final BackplaneMeters meters;

    Requests(NodeId node, Asking asking, Answering answering, BackplaneMeters meters) {
        this.node = node;
        this.asking = asking;
        this.answering = answering;
        this.meters = meters;
    }

    /** Publishes a request; completes with the number of nodes that have the channel. */
    interface Asking {
        CompletableFuture<Integer> publish(Target target, byte[] rest, Duration timeout);
    }

    /** Publishes an answer, if that is possible now. */
    interface Answering {
        void publish(NodeId asker, byte[] frame);
    }

    /** See {@link Backplane#onRequest}. */
    void onRequest(RequestKind kind, RequestHandler handler) {
        handlers.put(kind, handler);
    }

    /** See {@link Backplane#ask}. */
    CompletableFuture<Answers> ask(Target target, RequestKind kind, byte[] body, Duration timeout) {
        long began = System.nanoTime();
        long number = numbers.getAndIncrement();
        Question question = new Question();
        open.put(number, question); // before it is asked: an answer may come sooner than PUBLISH's own
        var _ = asking.publish(target, ControlFrame.encodeRequest(kind, number, node, body), timeout)
                .whenComplete(question::asked);
        return question.future()
                .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
                .exceptionallyCompose(question::end)
                .whenComplete((answers, _) -> {
                    open.remove(number);
                    meters.asked(answers).record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
                });
    }

    /** A node asks. */
    void asked(Frame.Asked asked) {
        RequestHandler handler = handlers.get(asked.kind());
        if (handler != null) {
            try {
                handler.handle(asked.request(), body -> answer(asked, body));
            } catch (RuntimeException e) { // events come after it
                log.error("A fault in this node: a request of kind {} is not answered", asked.kind(), e);
            }
        }
    }

    /** A node has answered; when it is too late for that, nobody is interested. */
    void answered(Frame.Answered answer) {
        @Nullable Question question = open.get(answer.question());
        if (question != null) {
            question.answered(answer.node(), answer.body());
        }
    }

    private void answer(Frame.Asked asked, byte[] body) {
        answering.publish(asked.asker(), ControlFrame.encodeAnswer(asked.question(), node, body));
    }
}
