package dev.ssecluster.body;

import dev.ssecluster.model.Limits;
import dev.ssecluster.model.MarkRead;
import dev.ssecluster.model.Rules;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the body that says which messages have been read, and checks it completely. */
final class MarkReadReader {

    private static final String USER_ID = "user_id";
    private static final String EVENT_ID = "event_id";
    private static final String EVENT_IDS = "event_ids";
    private static final String UP_TO = "up_to";

    private final Faults faults = new Faults();
    private final Values values;

    private @Nullable String userId;
    private @Nullable String eventId;
    private @Nullable List<String> eventIds;
    private @Nullable String upTo;

    MarkReadReader(JsonBody json) {
        this.values = new Values(json, faults);
    }

    MarkRead read() {
        Set<String> seen = values.fields(Map.of(
                USER_ID, () -> userId = values.string(USER_ID, Rules::id),
                EVENT_ID, () -> eventId = values.string(EVENT_ID, Rules::eventId),
                EVENT_IDS, () -> eventIds = values.strings(EVENT_IDS, Limits.PAGE_MESSAGES, Rules::eventId),
                UP_TO, () -> upTo = values.string(UP_TO, Rules::eventId)));
        require(seen);
        faults.throwIfAny();
        return new MarkRead(Objects.requireNonNull(userId), eventId, eventIds, upTo);
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
