package dev.ssecluster.stream;

import dev.ssecluster.event.Target;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.util.unit.DataSize;

/** The streams of a node without a node, for tests of other packages. */
public final class RunningStreams implements AutoCloseable {

    private static final StreamProperties PROPERTIES = new StreamProperties(Duration.ofSeconds(20), Duration.ofSeconds(90),
            Duration.ofMinutes(10), DataSize.ofMegabytes(1), 100, 100, Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(5),
            1, 100, DataSize.ofKilobytes(64));

    private final Streams streams = new Streams(PROPERTIES, () -> 1, new SimpleMeterRegistry());

    /** The options of a stream as most are. */
    public static StreamOptions options(List<Target> targets, int owners, boolean unread) {
        String connection = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        return new StreamOptions(targets, owners, false, false, unread, connection, 1, StreamOptions.NEVER, _ -> true);
    }

    public Streams streams() {
        return streams;
    }

    @Override
    public void close() {
        streams.stop();
    }
}
