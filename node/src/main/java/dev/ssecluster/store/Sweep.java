package dev.ssecluster.store;

import io.micrometer.core.instrument.Counter;
import java.time.LocalDateTime;
import java.util.List;
import java.util.function.Function;
import org.springframework.jdbc.core.RowMapper;

/**
 * One walk through an index, to delete what is found there, in small steps. Rows are only looked at by a first statement and
 * deleted by their key in a second one, so nothing is locked but what is deleted. A step begins where the last one ended:
 * what was just deleted still lies in the index for a while and would be walked through again. Not thread-safe.
 *
 * @param <K> where in the index a row is
 */
final class Sweep<K> {

    private static final int ROWS = 500;
    private static final String ROWS_FROM = " FROM app_sse_message FORCE INDEX ";

    private final Database database;
    private final Counter deleted;
    private final Function<K, Sql> query;
    private final RowMapper<Found<K>> mapper;
    private K place;
    private boolean finished;

    private record Found<K>(long id, K place, boolean isDoomed) {}

    private Sweep(Database database, Counter deleted, K first, Function<K, Sql> query, RowMapper<Found<K>> mapper) {
        this.database = database;
        this.deleted = deleted;
        this.place = first;
        this.query = query;
        this.mapper = mapper;
    }

    /** Messages that expired before {@code now}. */
    static Sweep<LocalDateTime> expired(Database database, Counter deleted, LocalDateTime now) {
        return new Sweep<>(database, deleted, LocalDateTime.of(1000, 1, 1, 0, 0), // the first date there is
                place -> new Sql("SELECT id, expire_at" + ROWS_FROM + "(idx_expire_at) WHERE expire_at >= ? AND expire_at < ?"
                        + " ORDER BY expire_at LIMIT " + ROWS, place, now),
                (row, _) -> new Found<>(row.getLong(1), row.getObject(2, LocalDateTime.class), true));
    }

    /** This cluster's messages with ids below {@code end}, whenever they expire. */
    static Sweep<Long> own(Database database, Counter deleted, long end) {
        return new Sweep<>(database, deleted, 0L,
                place -> new Sql("SELECT id, event_id = CAST(id AS CHAR)" + ROWS_FROM + "(PRIMARY) WHERE id > ? AND id < ?"
                        + " AND id >= 1000000000000000 ORDER BY id LIMIT " + ROWS, place, end),
                (row, _) -> new Found<>(row.getLong(1), row.getLong(1), row.getBoolean(2)));
    }

    /** A predecessor's messages that never expire, from before {@code end}. */
    static Sweep<Long> foreign(Database database, Counter deleted, LocalDateTime end) {
        return new Sweep<>(database, deleted, Long.MIN_VALUE,
                place -> new Sql("SELECT id, created_at < ?" + ROWS_FROM + "(idx_expire_at) WHERE expire_at IS NULL AND id > ?"
                        + " ORDER BY id LIMIT " + ROWS, end, place),
                (row, _) -> new Found<>(row.getLong(1), row.getLong(1), row.getBoolean(2)));
    }

    boolean isFinished() {
        return finished;
    }

    /** Blocks for two short statements. */
    void step() {
        List<Found<K>> found = database.call(() -> database.query(query.apply(place), mapper));
        finished = found.size() < ROWS;
        if (!finished) {
            place = found.getLast().place();
        }
        delete(found.stream().filter(Found::isDoomed).map(Found::id).toList());
    }

    private void delete(List<Long> ids) {
        if (!ids.isEmpty()) {
            Sql sql = new Sql("DELETE m FROM app_sse_message m FORCE INDEX (PRIMARY) WHERE m.id IN ").in(ids);
            deleted.increment(database.call(() -> database.update(sql)));
        }
    }
}
