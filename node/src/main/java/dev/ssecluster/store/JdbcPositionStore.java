package dev.ssecluster.store;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.EventClock;
import dev.ssecluster.event.Target;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

/**
 * Positions in {@code app_sse_position}, and the status of the messages that were served, in three steps. What a node that dies
 * between two of them leaves is right, and its messages come once more.
 *
 * <ol>
 * <li>An owner without a row has an implicit position, where its next stream would start: before its oldest pending message, or
 * where the stream began that served it first. That is written down, because only a row can be locked, and because the oldest
 * pending message will not be pending any more.
 * <li>{@link SentMessages} are marked, in as many short transactions as it takes. First, because nobody looks below a position: what
 * was left at 0 there would stay so.
 * <li>In one short transaction rows are locked and raised. All nodes lock them in the order of their keys.
 * </ol>
 */
final class JdbcPositionStore implements PositionStore {

    /** The order of the table's key. */
    static final Comparator<Target> ORDER = Comparator.comparing((Target owner) -> owner.kind().label()).thenComparing(Target::name);

    private static final int STARTS_AT_ONCE = 500;
    private static final int OWNERS_AT_ONCE = 100;
    private static final String PENDING_OF = "id FROM app_sse_message FORCE INDEX (idx_receiver_status)"
            + " WHERE status = 0 AND id > 0 AND id <= 9007199254740992 AND receiver_type = ? AND receiver_id = ";
    /** Of an owner: kind and name. */
    static final String PENDING = PENDING_OF + "?";
    private static final String PENDING_OF_OWNER = PENDING_OF + "owners.name COLLATE utf8mb4_bin"; // the column's

    private final Database database;
    private final PositionTable positions;
    private final SentMessages sent;
    private final EventClock clock;

    JdbcPositionStore(Database database, EventClock clock) {
        this.database = database;
        this.clock = clock;
        this.positions = new PositionTable(database);
        this.sent = new SentMessages(database);
    }

    @Override
    public Map<Target, Start> starts(Collection<Target> owners, long now) {
        Map<Target, Start> starts = new HashMap<>();
        Chunks.of(new HashSet<>(owners), STARTS_AT_ONCE).forEach(chunk -> starts.putAll(database.call(() -> startsOf(chunk, now))));
        return starts;
    }

    private Map<Target, Start> startsOf(List<Target> owners, long now) {
        Map<Target, Start> starts = new HashMap<>();
        positions.of(owners).forEach((owner, position) -> starts.put(owner, new Start(position, true)));
        List<Target> others = owners.stream().filter(owner -> !starts.containsKey(owner)).toList();
        oldestPending(others, Micros.toDate(now)).forEach((owner, id) -> starts.put(owner, new Start(Cursor.at(id - 1), false)));
        return starts;
    }

    /** Ids of those who have one: a look into the index for each, in one query. MySQL sorts unless it is told the index' order. */
    private Map<Target, Long> oldestPending(List<Target> owners, LocalDateTime now) {
        Map<Target, Long> oldest = new HashMap<>();
        owners.stream().collect(groupingBy(Target::kind)).forEach((kind, some) -> {
            Sql sql = new Sql("SELECT owners.name, (SELECT " + PENDING_OF_OWNER
                    + " AND (expire_at IS NULL OR expire_at >= ?) ORDER BY receiver_id, id LIMIT 1) AS oldest FROM (", kind.label(), now);
            String separator = "SELECT ? AS name";
            for (Target owner : some) {
                sql.add(separator, owner.name());
                separator = " UNION ALL SELECT ?";
            }
            sql.add(") owners");
            database.forEach(sql, row -> {
                long id = row.getLong("oldest");
                if (!row.wasNull()) {
                    oldest.put(new Target(kind, row.getString("name")), id);
                }
            });
        });
        return oldest;
    }

    @Override
    public void raise(Collection<Served> served) {
        Map<Target, List<Served>> byOwner = served.stream().collect(groupingBy(Served::owner, () -> new TreeMap<>(ORDER), toList()));
        for (List<Target> owners : Chunks.of(byOwner.keySet(), OWNERS_AT_ONCE)) {
            List<Served> some = owners.stream().flatMap(owner -> byOwner.getOrDefault(owner, List.of()).stream()).toList();
            database.run(() -> insertMissing(owners, byOwner));
            sent.mark(some);
            database.runTransaction(() -> raise(owners, byOwner));
        }
    }

    private void insertMissing(List<Target> owners, Map<Target, List<Served>> served) {
        Set<Target> existing = positions.of(owners).keySet();
        List<Target> missing = owners.stream().filter(owner -> !existing.contains(owner)).toList();
        Map<Target, Long> oldest = oldestPending(missing, Micros.toDate(clock.micros()));
        Map<Target, Cursor> implicit = new HashMap<>();
        for (Target owner : missing) {
            long start = oldest.getOrDefault(owner, Long.MAX_VALUE) - 1;
            implicit.put(owner, implicit(served.getOrDefault(owner, List.of()), start));
        }
        positions.insert(implicit);
    }

    @Override
    public void settle(Target owner, long most) {
        database.run(() -> {
            Start start = startsOf(List.of(owner), clock.micros()).get(owner);
            if (start == null || !start.isPosition()) {
                positions.insert(Map.of(owner, start == null ? Cursor.at(most) : start.cursor().lower(Cursor.at(most))));
            }
        });
    }

    private static Cursor implicit(List<Served> served, long start) {
        long most = served.stream().mapToLong(Served::oldestJournaled).map(id -> id - 1).reduce(start, Math::min);
        return position(part -> served.stream().mapToLong(each -> part.applyAsLong(each.from())).reduce(most, Math::min));
    }

    private void raise(List<Target> owners, Map<Target, List<Served>> served) {
        Map<Target, Cursor> raised = new HashMap<>();
        positions.lock(owners).forEach((owner, now) -> {
            Cursor then = raised(now, served.getOrDefault(owner, List.of()));
            if (!then.equals(now)) {
                raised.put(owner, then);
            }
        });
        positions.replace(raised);
    }

    /** One stream's part may begin where another's ends. */
    private static Cursor raised(Cursor now, List<Served> served) {
        return position(part -> {
            long position = part.applyAsLong(now);
            for (Served each : served.stream().sorted(Comparator.comparingLong(some -> part.applyAsLong(some.from()))).toList()) {
                position = position >= part.applyAsLong(each.from()) ? Math.max(position, part.applyAsLong(each.to())) : position;
            }
            return position;
        });
    }

    /** The same for each of the three classes. */
    private static Cursor position(ToLongFunction<ToLongFunction<Cursor>> value) {
        long normal = value.applyAsLong(Cursor::normal);
        long high = value.applyAsLong(Cursor::high);
        long urgent = value.applyAsLong(Cursor::urgent);
        return new Cursor(Math.max(normal, Math.max(high, urgent)), normal, high, urgent);
    }
}
