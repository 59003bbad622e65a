package dev.ssecluster.connect;

import dev.ssecluster.backplane.Backplane;
import dev.ssecluster.event.Target;
import dev.ssecluster.stream.Stream;
import dev.ssecluster.stream.StreamOptions;
import dev.ssecluster.stream.Streams;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.springframework.stereotype.Component;

/**
 * Attaches a stream without a hole: every channel subscribed and acknowledged, then the stream registered so that live events
 * queue, then the fence read. Whatever Redis publishes after it answered the fence has a higher id and reaches the queue;
 * whatever has an id up to the fence was accepted before the stream began.
 */
@Component
class StreamOpener {

    private final Backplane backplane;
    private final Streams streams;

    StreamOpener(Backplane backplane, Streams streams) {
        this.backplane = backplane;
        this.streams = streams;
        streams.onClosed(backplane::release);
    }

    /** A registered stream, which must be handed over or abandoned, and its fence. */
    record Attached(Stream stream, long fence) {}

    /** Blocks for as long as the backplane gives itself to answer. */
    Attached attach(StreamRequest request) throws Refusal {
        if (!backplane.isReady()) {
            throw new Refusal(Refusal.UNAVAILABLE);
        }
        if (streams.isFull()) {
            throw new Refusal(Refusal.FULL); // before Redis has work with it
        }
        List<Target> targets = request.targets();
        await(backplane.acquire(targets));
        Stream stream = register(request, targets);
        try {
            return new Attached(stream, await(backplane.fence()));
        } catch (Refusal e) {
            streams.abandon(stream);
            throw e;
        }
    }

    private Stream register(StreamRequest request, List<Target> targets) throws Refusal {
        Optional<Stream> stream = streams.register(new StreamOptions(targets, request.envelope(), request.heartbeatEvents()));
        if (stream.isEmpty()) {
            backplane.release(targets);
            throw new Refusal(streams.isRunning() ? Refusal.FULL : Refusal.DRAIN);
        }
        return stream.get();
    }

    private static <T> T await(CompletableFuture<T> future) throws Refusal {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new Refusal(Refusal.UNAVAILABLE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal(Refusal.UNAVAILABLE);
        }
    }
}
