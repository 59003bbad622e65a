package dev.ssecluster.stream;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.springframework.util.unit.DataSize;

/** The streams of a node without a node, for tests of other packages. */
public final class RunningStreams implements AutoCloseable {

    private static final StreamProperties PROPERTIES = new StreamProperties(Duration.ofSeconds(20), Duration.ofSeconds(90),
            Duration.ofMinutes(10), DataSize.ofMegabytes(1), 100, 100, Duration.ofSeconds(1), Duration.ofSeconds(5),
            1, 100, DataSize.ofKilobytes(64));

    private final Streams streams = new Streams(PROPERTIES, () -> 1, new SimpleMeterRegistry());

    public Streams streams() {
        return streams;
    }

    @Override
    public void close() {
        streams.stop();
    }
}
