package dev.ssecluster.store;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * One call to store events: as few multi-row inserts as possible. When the database does not take such an insert, nothing of
 * it is stored. Because of a row that exists, the existing ones are looked at and the others inserted; because of a row
 * that it refuses, the halves are tried, down to single rows.
 */
final class Insertion {

    private static final int MOST_ROWS = 500;
    /** Quotation marks double on their way; this stays below the smallest {@code max_allowed_packet} in use, 1 MB. */
    private static final int MOST_BYTES = 400_000;
    private static final int ROW_BYTES = 300; // without its data

    private static final String INTO = "INSERT INTO app_sse_message (id, event_id, event_type, receiver_type, receiver_id,"
            + " group_name, priority, data, status, expire_at, created_at, updated_at) VALUES ";
    private static final String ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6))";
    private static final String EXISTING = "SELECT " + MessageRow.COLUMNS + " FROM app_sse_message FORCE INDEX ";

    private final Database database;
    private final Map<Long, Event> events = new HashMap<>(); // by id, the first of each
    private final Map<Long, StoreOutcome> outcomes = new HashMap<>(); // by id, of those

    Insertion(Database database) {
        this.database = database;
    }

    List<StoreOutcome> store(List<Event> all) {
        all.forEach(event -> events.putIfAbsent(event.id(), event));
        // In one order on all nodes, so that those who store the same events do not block each other.
        List<Event> ascending = events.values().stream().sorted(Comparator.comparingLong(Event::id)).toList();
        Chunks.byWeight(ascending, MOST_ROWS, MOST_BYTES, event -> ROW_BYTES + event.data().length).forEach(this::insert);
        return all.stream().map(this::outcome).toList();
    }

    private StoreOutcome outcome(Event event) {
        Event first = Objects.requireNonNull(events.get(event.id()));
        return isSame(first, event) ? Objects.requireNonNull(outcomes.get(event.id())) : StoreOutcome.CONFLICT;
    }

    private void insert(List<Event> some) {
        try {
            database.update(rows(some));
            some.forEach(event -> outcomes.put(event.id(), StoreOutcome.STORED));
        } catch (DataAccessException e) {
            switch (Fault.of(e)) {
                case DUPLICATE -> insertMissing(some);
                case REFUSED -> divide(some);
                case CONTENTION, AWAY -> throw e;
            }
        }
    }

    private void insertMissing(List<Event> some) {
        List<Event> missing = missingOf(some);
        if (missing.size() == some.size()) {
            divide(some); // by a key that only a predecessor's table has
        } else if (!missing.isEmpty()) {
            insert(missing);
        }
    }

    private void divide(List<Event> some) {
        int half = some.size() / 2;
        if (half == 0) {
            outcomes.put(some.getFirst().id(), StoreOutcome.REFUSED);
        } else {
            insert(some.subList(0, half));
            insert(some.subList(half, some.size()));
        }
    }

    /** Without those whose id or event id is taken; what became of these is known then. */
    private List<Event> missingOf(List<Event> some) {
        Map<Object, StoredMessage> existing = existingOf(some);
        List<Event> missing = new ArrayList<>();
        for (Event event : some) {
            StoredMessage inTheWay = existing.getOrDefault(event.id(), existing.get(eventId(event)));
            if (inTheWay == null) {
                missing.add(event);
            } else {
                outcomes.put(event.id(), isRowOf(inTheWay, event) ? StoreOutcome.STORED : StoreOutcome.CONFLICT);
            }
        }
        return missing;
    }

    /** By both keys: the id, which is a number, and the event id, which is text. */
    private Map<Object, StoredMessage> existingOf(List<Event> some) {
        Sql byId = new Sql(EXISTING + "(PRIMARY) WHERE id IN ").in(some.stream().map(Event::id).toList());
        Sql byEventId = new Sql(EXISTING + "(idx_event_id) WHERE event_id IN ").in(some.stream().map(Insertion::eventId).toList());
        Map<Object, StoredMessage> existing = new HashMap<>();
        for (StoredMessage row : database.query(Sql.unionAll(List.of(byId, byEventId)), MessageRow.MESSAGE)) {
            existing.put(row.event().id(), row);
            existing.put(row.eventId(), row);
        }
        return existing;
    }

    private static boolean isRowOf(StoredMessage row, Event event) {
        return row.eventId().equals(eventId(event)) && isSame(row.event(), event);
    }

    private static boolean isSame(Event one, Event other) {
        return one.id() == other.id() && one.target().equals(other.target()) && one.type().equals(other.type())
                && one.priority() == other.priority() && Arrays.equals(one.data(), other.data());
    }

    private static String eventId(Event event) {
        return Long.toString(event.id());
    }

    private static Sql rows(List<Event> some) {
        Sql sql = new Sql(INTO);
        String separator = "";
        for (Event event : some) {
            sql.add(separator).add(ROW, values(event));
            separator = ", ";
        }
        return sql;
    }

    private static @Nullable Object[] values(Event event) {
        Target target = event.target();
        boolean isPersonal = target.kind() == Target.Kind.USER || target.kind() == Target.Kind.CLIENT;
        return new @Nullable Object[] {event.id(), eventId(event), event.type(), target.kind().label(),
                isPersonal ? target.name() : null, target.kind() == Target.Kind.GROUP ? target.name() : null,
                event.priority().level(), event.data(), isPersonal ? 0 : 1,
                Micros.toExpiry(event.expiresAt()), Micros.toDate(event.id())};
    }
}
