package dev.ssecluster.body;

import dev.ssecluster.model.Batch;
import dev.ssecluster.model.Limits;
import dev.ssecluster.problem.FieldFault;
import dev.ssecluster.problem.Phrase;
import dev.ssecluster.problem.ProblemType;
import dev.ssecluster.problem.RefusedException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/** Reads the body of a batch. Only what concerns the body as a whole is thrown; a wrong message costs its own place. */
final class BatchReader {

    private static final String MESSAGES = "messages";

    private final JsonBody json;
    private final long longestTtl;
    private final Faults faults = new Faults();
    private @Nullable List<Batch.Entry> messages;

    /** @param longestTtl seconds */
    BatchReader(JsonBody json, long longestTtl) {
        this.json = json;
        this.longestTtl = longestTtl;
    }

    Batch read() {
        String name;
        while ((name = json.nextName()) != null) {
            json.next();
            readField(name);
        }
        if (messages == null) {
            faults.add(MESSAGES, "required");
        }
        faults.throwIfAny();
        return new Batch(messages == null ? List.of() : messages);
    }

    private void readField(String name) {
        if (!name.equals(MESSAGES)) {
            passOver(name, "unknown-field");
        } else if (messages != null) {
            passOver(name, "duplicate");
        } else {
            messages = readMessages();
        }
    }

    private void passOver(String name, String code, Object... args) {
        json.skip();
        faults.add(name, code, args);
    }

    private List<Batch.Entry> readMessages() {
        List<Batch.Entry> read = new ArrayList<>();
        if (json.token() != JsonToken.START_ARRAY) {
            passOver(MESSAGES, "wrong-type", Phrase.of("type.array"));
            return read;
        }
        while (json.next() != JsonToken.END_ARRAY) {
            if (read.size() == Limits.BATCH_MESSAGES) {
                throw RefusedException.invalid(FieldFault.of(MESSAGES, "too-many", Limits.BATCH_MESSAGES));
            }
            read.add(readMessage("messages[" + read.size() + "]"));
        }
        return read;
    }

    private Batch.Entry readMessage(String position) {
        try {
            return new MessageReader(json, position + ".", longestTtl).readBatchMessage(position);
        } catch (RefusedException e) {
            if (e.type() == ProblemType.MALFORMED_JSON) {
                throw e; // where the next message begins is unknown
            }
            return new RefusedMessage(e);
        }
    }
}
