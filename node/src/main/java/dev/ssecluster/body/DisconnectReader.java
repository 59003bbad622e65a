package dev.ssecluster.body;

import dev.ssecluster.model.Disconnect;
import dev.ssecluster.model.Limits;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the body that says how clients are disconnected, and checks it completely. */
final class DisconnectReader {

    private static final String BLOCK_SECONDS = "block_seconds";
    private static final String FINAL = "final";

    private final JsonBody json;
    private final Faults faults = new Faults();
    private final Values values;

    private @Nullable Integer blockSeconds;
    private @Nullable Boolean isFinal;

    DisconnectReader(JsonBody json) {
        this.json = json;
        this.values = new Values(json, faults);
    }

    Disconnect read() {
        Set<String> seen = new HashSet<>();
        String name;
        while ((name = json.nextName()) != null) {
            json.next();
            if (seen.add(name)) {
                readField(name);
            } else {
                passOver(name, "duplicate");
            }
        }
        faults.throwIfAny();
        return new Disconnect(blockSeconds, isFinal);
    }

    private void readField(String name) {
        switch (name) {
            case BLOCK_SECONDS -> blockSeconds = readSeconds();
            case FINAL -> isFinal = values.bool(name);
            default -> passOver(name, "unknown-field");
        }
    }

    private @Nullable Integer readSeconds() {
        Long seconds = values.number(BLOCK_SECONDS, 0, Limits.BLOCK_SECONDS);
        return seconds == null ? null : Math.toIntExact(seconds);
    }

    private void passOver(String name, String code) {
        json.skip();
        faults.add(name, code);
    }
}
