package dev.ssecluster.store;

import dev.ssecluster.store.PositionStore.Served;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sets the status of messages that were served from 0 to 1. A message in {@code (from, to]} was written by the stream, so it was sent
 * even when the position cannot be raised, because something before {@code from} has not been served yet. That stays at 0, since no
 * stream wrote it.
 *
 * <p>A backlog may be as long as the retention allows. So each statement is a transaction of its own, what one that fails leaves is
 * found again, and a page begins where the one before it ended: what was just marked still lies in the index for a while and would
 * be walked through again. Blocks. Thread-safe.
 */
final class SentMessages {

    private static final int READ_AT_ONCE = 20_000;
    private static final int MARKED_AT_ONCE = 1_000;

    private final Database database;

    SentMessages(Database database) {
        this.database = database;
    }

    /** What of it has ids above {@code after}. */
    private record Rest(Served served, long after) {}

    void mark(Collection<Served> served) {
        List<Rest> rests = served.stream().map(each -> new Rest(each, each.from().lowest())).toList();
        while (!rests.isEmpty()) {
            rests = markNext(rests, Math.ceilDiv(READ_AT_ONCE, rests.size()));
        }
    }

    /** Answers of which of them there may be more. */
    private List<Rest> markNext(List<Rest> rests, int limit) {
        List<List<Long>> pages = database.call(() -> pending(rests, limit));
        List<Long> ids = pages.stream().flatMap(List::stream).distinct().sorted().toList(); // rows are locked in their order
        Chunks.of(ids, MARKED_AT_ONCE).forEach(chunk -> database.run(() -> setSent(chunk)));
        return IntStream.range(0, rests.size())
                .filter(i -> pages.get(i).size() >= limit)
                .mapToObj(i -> new Rest(rests.get(i).served(), pages.get(i).stream().reduce(0L, Math::max)))
                .toList();
    }

    /** One page for each. */
    private List<List<Long>> pending(List<Rest> rests, int limit) {
        List<List<Long>> pages = new ArrayList<>();
        List<Sql> parts = new ArrayList<>();
        for (Rest rest : rests) {
            parts.add(part(parts.size(), rest, limit));
            pages.add(new ArrayList<>());
        }
        database.forEach(Sql.unionAll(parts), row -> pages.get(row.getInt("part")).add(row.getLong("id")));
        return pages;
    }

    private static Sql part(int number, Rest rest, int limit) {
        Served served = rest.served();
        return new Sql("SELECT " + number + " AS part, " + JdbcPositionStore.PENDING, served.owner().kind().label(), served.owner().name())
                .add(ByPriority.above(served.from()))
                .add(ByPriority.upTo(served.to()))
                .add(" AND id > ? ORDER BY id LIMIT ?", rest.after(), limit);
    }

    private void setSent(List<Long> ids) {
        database.update(new Sql("UPDATE app_sse_message FORCE INDEX (PRIMARY) SET status = 1, updated_at = UTC_TIMESTAMP(6)"
                + " WHERE status = 0 AND id IN ").in(ids));
    }
}
