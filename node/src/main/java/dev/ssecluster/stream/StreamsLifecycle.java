package dev.ssecluster.stream;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Ends the streams first of all, while everything that serves them still works: requests are answered, the management port says that
 * the node is not ready. A bean of its own on which nobody depends: what depends on a bean is stopped before it, whatever the
 * phases say, and the backplane depends on the streams.
 */
@Component
final class StreamsLifecycle implements SmartLifecycle {

    private final Streams streams;
    private final DrainProperties properties;

    StreamsLifecycle(Streams streams, DrainProperties properties) {
        this.streams = streams;
        this.properties = properties;
    }

    /** They run already. */
    @Override
    public void start() {}

    @Override
    public void stop() {
        new Drain(streams, properties.window()).run();
        streams.stop();
    }

    @Override
    public boolean isRunning() {
        return streams.isRunning();
    }
}
