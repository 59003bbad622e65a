package dev.ssecluster.body;

import dev.ssecluster.model.Limits;
import dev.ssecluster.model.MarkRead;
import dev.ssecluster.model.Rules;
import dev.ssecluster.problem.FieldFault;
import dev.ssecluster.problem.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/** Reads the body that says which messages have been read, and checks it completely. */
final class MarkReadReader {

    private static final String USER_ID = "user_id";
    private static final String EVENT_ID = "event_id";
    private static final String EVENT_IDS = "event_ids";
    private static final String UP_TO = "up_to";

    private final JsonBody json;
    private final Faults faults = new Faults();
    private final Values values;

    private @Nullable String userId;
    private @Nullable String eventId;
    private @Nullable List<String> eventIds;
    private @Nullable String upTo;

    MarkReadReader(JsonBody json) {
        this.json = json;
        this.values = new Values(json, faults);
    }

    MarkRead read() {
        Set<String> seen = values.fields(Map.of(
                USER_ID, () -> userId = values.string(USER_ID, Rules::id),
                EVENT_ID, () -> eventId = values.string(EVENT_ID, Rules::eventId),
                EVENT_IDS, () -> eventIds = readIds(),
                UP_TO, () -> upTo = values.string(UP_TO, Rules::eventId)));
        require(seen);
        faults.throwIfAny();
        return new MarkRead(Objects.requireNonNull(userId), eventId, eventIds, upTo);
    }

    private List<String> readIds() {
        List<String> ids = new ArrayList<>();
        if (!values.isArray(EVENT_IDS)) {
            return ids;
        }
        for (int i = 0; json.next() != JsonToken.END_ARRAY; i++) {
            if (i == Limits.PAGE_MESSAGES) {
                throw RefusedException.invalid(FieldFault.of(EVENT_IDS, "too-many", Limits.PAGE_MESSAGES));
            }
            String id = values.string("event_ids[" + i + "]", Rules::eventId);
            if (id != null) {
                ids.add(id);
            }
        }
        return ids;
    }

    private void require(Set<String> seen) {
        if (!seen.contains(USER_ID)) {
            faults.add(USER_ID, "required");
        }
        if (Stream.of(EVENT_ID, EVENT_IDS, UP_TO).filter(seen::contains).count() != 1) {
            faults.add(EVENT_ID, "one-target", String.join(", ", EVENT_ID, EVENT_IDS, UP_TO));
        }
    }
}
