package dev.ssecluster.stream;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Ends the streams first of all, while everything that serves them still works. A bean of its own on which nobody depends: what
 * depends on a bean is stopped before it, whatever the phases say, and the backplane depends on the streams.
 */
@Component
final class StreamsLifecycle implements SmartLifecycle {

    private final Streams streams;

    StreamsLifecycle(Streams streams) {
        this.streams = streams;
    }

    /** They run already. */
    @Override
    public void start() {}

    @Override
    public void stop() {
        streams.stop();
    }

    @Override
    public boolean isRunning() {
        return streams.isRunning();
    }
}
