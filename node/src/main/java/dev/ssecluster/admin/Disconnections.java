package dev.ssecluster.admin;

import dev.ssecluster.backplane.Answers;
import dev.ssecluster.backplane.Backplane;
import dev.ssecluster.backplane.Request;
import dev.ssecluster.backplane.RequestKind;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Disconnected;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;
import dev.ssecluster.registry.Registry;
import dev.ssecluster.stream.CloseReason;
import dev.ssecluster.stream.RetryDelay;
import dev.ssecluster.stream.StreamProperties;
import dev.ssecluster.stream.Streams;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/**
 * Closes the streams of a user or a client id on all nodes, and keeps clients away. First the block, then the streams: one that opens
 * meanwhile is either registered early enough to be closed, or asks late enough to find the block. Thread-safe.
 */
@Component
final class Disconnections {

    private final Asking asking;
    private final Registry registry;
    private final Streams streams;
    private final RetryDelay usual;

    Disconnections(Asking asking, Registry registry, Streams streams, StreamProperties properties, Backplane backplane) {
        this.asking = asking;
        this.registry = registry;
        this.streams = streams;
        this.usual = new RetryDelay(properties.retryMin(), properties.retryMax());
        backplane.onRequest(RequestKind.DISCONNECT, this::answer);
    }

    /**
     * Blocks until the streams are closed on all nodes, a few seconds at most.
     *
     * @throws RefusedException when there are none, or while Redis is away
     */
    Disconnected disconnect(Target target, Order order) {
        if (!order.block().isZero()) {
            Asking.await(registry.block(target, order.block(), order.isFinal()));
        }
        Answers answers = asking.ask(target, RequestKind.DISCONNECT, order.encode());
        int closed = answers.bodies().stream().mapToInt(body -> ByteBuffer.wrap(body).getInt()).sum();
        if (closed == 0) {
            throw answers.areComplete() ? RefusedException.of(ProblemType.NO_STREAMS) : Asking.unavailable();
        }
        return new Disconnected(closed, answers.areComplete());
    }

    /** A node wants this one's streams of that target closed. */
    void answer(Request request, Consumer<byte[]> answer) {
        RetryDelay retry = Order.decode(request.body()).retry(usual);
        var _ = streams.closeAll(request.target(), CloseReason.DISCONNECTED, retry)
                .thenAccept(closed -> answer.accept(ByteBuffer.allocate(Integer.BYTES).putInt(closed).array()));
    }
}
