package dev.ssecluster.store;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;

/** Reads rows of {@code app_sse_message}, whoever wrote them. */
final class MessageRow {

    static final String EVENT_COLUMNS =
            "id, event_id, event_type, receiver_id, receiver_type, group_name, priority, data, expire_at";

    static final String COLUMNS = EVENT_COLUMNS + ", status, created_at";

    /** For {@link #EVENT_COLUMNS}. */
    static final RowMapper<Event> EVENT = (row, _) -> event(row);

    /** For {@link #COLUMNS}. */
    static final RowMapper<StoredMessage> MESSAGE = (row, _) -> message(row);

    private MessageRow() {}

    private static StoredMessage message(ResultSet row) throws SQLException {
        LocalDateTime expiry = row.getObject("expire_at", LocalDateTime.class);
        Instant created = Micros.toInstant(row.getObject("created_at", LocalDateTime.class));
        return new StoredMessage(event(row), row.getString("event_id"), row.getInt("status"), created,
                expiry == null ? null : Micros.toInstant(expiry));
    }

    /** The event of the row where the result stands. */
    static Event event(ResultSet row) throws SQLException {
        long id = row.getLong("id");
        boolean own = row.getString("event_id").equals(Long.toString(id));
        String type = row.getString("event_type");
        byte @Nullable [] data = row.getBytes("data");
        return new Event(id, target(row), priority(row.getInt("priority")), true,
                Micros.ofExpiry(row.getObject("expire_at", LocalDateTime.class)),
                own ? type : Foreign.type(type), own && data != null ? data : Foreign.data(data));
    }

    private static Target target(ResultSet row) throws SQLException {
        return switch (row.getString("receiver_type")) {
            case "client" -> Target.client(name(row, "receiver_id"));
            case "group" -> Target.group(name(row, "group_name"));
            case "broadcast" -> Target.BROADCAST;
            default -> Target.user(name(row, "receiver_id"));
        };
    }

    private static String name(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNullElse(row.getString(column), "");
    }

    /** As the statements see it, which compare with 1 and 2. */
    private static Priority priority(int level) {
        return level == 1 || level == 2 ? Priority.ofLevel(level) : Priority.NORMAL;
    }
}
