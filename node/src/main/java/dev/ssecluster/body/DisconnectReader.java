package dev.ssecluster.body;

import dev.ssecluster.model.Disconnect;
import dev.ssecluster.model.Limits;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the body that says how clients are disconnected, and checks it completely. */
final class DisconnectReader {

    private static final String BLOCK_SECONDS = "block_seconds";
    private static final String FINAL = "final";

    private final Faults faults = new Faults();
    private final Values values;

    private @Nullable Integer blockSeconds;
    private @Nullable Boolean isFinal;

    DisconnectReader(JsonBody json) {
        this.values = new Values(json, faults);
    }

    Disconnect read() {
        var _ = values.fields(Map.of(
                BLOCK_SECONDS, () -> blockSeconds = readSeconds(),
                FINAL, () -> isFinal = values.bool(FINAL)));
        faults.throwIfAny();
        return new Disconnect(blockSeconds, isFinal);
    }

    private @Nullable Integer readSeconds() {
        Long seconds = values.number(BLOCK_SECONDS, 0, Limits.BLOCK_SECONDS);
        return seconds == null ? null : Math.toIntExact(seconds);
    }
}
