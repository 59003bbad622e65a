package dev.ssecluster.store;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventRange;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages in {@code app_sse_message}. Each statement names the index it must use: with {@code ORDER BY id LIMIT} the
 * optimizers sometimes prefer to walk through the whole primary key.
 */
final class JdbcMessageStore implements MessageStore {

    private static final int RANGES_AT_ONCE = 200;
    private static final int EVENTS_AT_ONCE = 5_000; // the driver keeps all rows of an answer in memory
    private static final int IDS_AT_ONCE = 1_000;
    private static final int ROWS_AT_ONCE = 5_000;

    /** Streams carry ids as numbers of JavaScript. A predecessor's greater ones are not replayed. */
    private static final String IS_SAFE = " AND id <= 9007199254740992";
    /** This cluster's ids are microseconds, a predecessor's numbers are smaller: these rows need not be looked at. */
    private static final String IS_MICROSECONDS = " AND id >= 1000000000000000";
    private static final String IS_OWN = " AND event_id = CAST(id AS CHAR)";

    private static final String MESSAGES = "SELECT " + MessageRow.COLUMNS + " FROM app_sse_message FORCE INDEX ";
    private static final String OF_USER = " WHERE receiver_type = 'user' AND receiver_id = ?";
    private static final String IS_UNREAD = " AND status IN (0, 1)";
    private static final String IS_ALIVE = " AND (expire_at IS NULL OR expire_at >= ?)";

    private final Database database;
    private final PositionTable positions;

    JdbcMessageStore(Database database) {
        this.database = database;
        this.positions = new PositionTable(database);
    }

    @Override
    public List<StoreOutcome> store(List<Event> events) {
        return database.call(() -> new Insertion(database).store(events));
    }

    @Override
    public List<List<Event>> read(List<EventRange> ranges) {
        List<List<Event>> results = new ArrayList<>();
        Chunks.byWeight(ranges, RANGES_AT_ONCE, EVENTS_AT_ONCE, EventRange::limit)
                .forEach(chunk -> results.addAll(database.call(() -> readAtOnce(chunk))));
        return results;
    }

    private List<List<Event>> readAtOnce(List<EventRange> ranges) {
        List<List<Event>> results = new ArrayList<>();
        List<Sql> parts = new ArrayList<>();
        for (EventRange range : ranges) {
            parts.add(part(parts.size(), range));
            results.add(new ArrayList<>());
        }
        database.forEach(Sql.unionAll(parts), row -> results.get(row.getInt("part")).add(MessageRow.event(row)));
        return results;
    }

    private static Sql part(int number, EventRange range) {
        return new Sql("SELECT " + number + " AS part, " + MessageRow.EVENT_COLUMNS + " FROM app_sse_message")
                .add(Receiver.of(range.target()))
                .add(" AND id > ?" + IS_SAFE + " ORDER BY id LIMIT ?", range.after(), range.limit());
    }

    @Override
    public List<Event> read(long after, long upTo, int limit) {
        Sql sql = new Sql("SELECT " + MessageRow.EVENT_COLUMNS + " FROM app_sse_message FORCE INDEX (PRIMARY)"
                + " WHERE receiver_type IN ('user', 'client', 'group', 'broadcast')")
                .add(" AND id > ? AND id <= ?" + IS_SAFE + " ORDER BY id LIMIT ?", after, upTo, limit);
        return database.call(() -> database.query(sql, MessageRow.EVENT));
    }

    @Override
    public long highestId() {
        return id(new Sql("SELECT id FROM app_sse_message FORCE INDEX (PRIMARY) WHERE TRUE"
                + IS_MICROSECONDS + IS_SAFE + IS_OWN + " ORDER BY id DESC LIMIT 1"));
    }

    @Override
    public long idOf(String eventId) {
        return id(new Sql("SELECT id FROM app_sse_message FORCE INDEX (idx_event_id) WHERE event_id = ?" + IS_SAFE, eventId));
    }

    private long id(Sql sql) {
        return database.call(() -> database.query(sql, (row, _) -> row.getLong(1))).stream().findFirst().orElse(0L);
    }

    @Override
    public List<StoredMessage> pending(String user, @Nullable Cursor after, long now, int limit) {
        return database.call(() -> after != null
                ? pending("(idx_receiver_id)", "", user, after, now, limit)
                : pending("(idx_receiver_status)", " AND status = 0", user, positions.of(user), now, limit));
    }

    private List<StoredMessage> pending(String index, String status, String user, Cursor after, long now, int limit) {
        Sql sql = new Sql(MESSAGES + index + OF_USER + status + IS_SAFE, user)
                .add(ByPriority.above(after))
                .add(IS_ALIVE + " ORDER BY id LIMIT ?", Micros.toDate(now), limit);
        return database.query(sql, MessageRow.MESSAGE);
    }

    @Override
    public List<StoredMessage> inbox(String user, @Nullable Integer status, @Nullable Long before, long now, int limit) {
        Sql sql = new Sql(MESSAGES + (status == null ? "(idx_receiver_id)" : "(idx_receiver_status)") + OF_USER, user);
        if (status != null) {
            sql.add(" AND status = ?", status);
        }
        if (before != null) {
            sql.add(" AND id < ?", before);
        }
        sql.add(IS_ALIVE + " ORDER BY id DESC LIMIT ?", Micros.toDate(now), limit);
        return database.call(() -> database.query(sql, MessageRow.MESSAGE));
    }

    @Override
    public int markRead(String user, Collection<String> eventIds) {
        return Chunks.of(eventIds, IDS_AT_ONCE).stream()
                .mapToInt(chunk -> updateToRead("(idx_event_id)", user, new Sql(" AND event_id IN ").in(chunk)))
                .sum();
    }

    @Override
    public int markReadUpTo(String user, Cursor upTo) {
        Sql those = new Sql("").add(ByPriority.upTo(upTo)).add(" LIMIT " + ROWS_AT_ONCE);
        int all = 0;
        int now;
        do {
            now = updateToRead("(idx_receiver_status)", user, those);
            all += now;
        } while (now == ROWS_AT_ONCE);
        return all;
    }

    private int updateToRead(String index, String user, Sql those) {
        Sql sql = new Sql("UPDATE app_sse_message FORCE INDEX " + index + " SET status = 2, updated_at = UTC_TIMESTAMP(6)")
                .add(OF_USER + IS_UNREAD, user)
                .add(those);
        return database.transaction(() -> database.update(sql));
    }

    @Override
    public Unread unread(String user, long now) {
        Sql sql = new Sql("SELECT COUNT(*), MIN(expire_at) FROM app_sse_message FORCE INDEX (idx_receiver_status)")
                .add(OF_USER + IS_UNREAD + IS_ALIVE, user, Micros.toDate(now));
        return database.call(() -> database.query(sql, (row, _) ->
                new Unread(row.getLong(1), Micros.ofExpiry(row.getObject(2, LocalDateTime.class))))).getFirst();
    }

    @Override
    public Collection<String> existing(Collection<String> eventIds) {
        return Chunks.of(eventIds, IDS_AT_ONCE).stream().flatMap(chunk -> existingAtOnce(chunk).stream()).toList();
    }

    private List<String> existingAtOnce(List<String> eventIds) {
        Sql sql = new Sql("SELECT event_id FROM app_sse_message FORCE INDEX (idx_event_id) WHERE event_id IN ").in(eventIds);
        return database.call(() -> database.query(sql, (row, _) -> row.getString(1)));
    }
}
