package dev.ssecluster.backplane;

import dev.ssecluster.backplane.History.Page;
import dev.ssecluster.backplane.HistoryScript.Found;
import dev.ssecluster.backplane.HistoryScript.Query;
import dev.ssecluster.event.EventRange;
import dev.ssecluster.event.Target;
import dev.ssecluster.event.Target.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Requests that go to Redis in one call. Of each group, and of broadcasts, one page at most is read: what the reader that is the
 * furthest behind lacks. The others find what they need in it, in what was read before, or ask again.
 */
final class HistoryCall {

    /** Events of a page that is shared. */
    private static final int SHARED_PAGE = 1_000;

    /** Clients that come back at once are not equally far behind: the first one's read should do for all of them. */
    private static final int NEWEST = 256;

    private final List<EventRange> requests;
    private final SharedHistory shared;
    private final Map<Target, Query> sharedQueries = new LinkedHashMap<>();
    private final List<Query> queries;

    HistoryCall(List<EventRange> requests, SharedHistory shared) {
        this.requests = requests;
        this.shared = shared;
        requests.stream().filter(HistoryCall::isShared).forEach(this::planShared);
        this.queries = new ArrayList<>(sharedQueries.values()); // first, so that users' pages never crowd them out
        requests.stream().filter(request -> !isShared(request)).forEach(this::plan);
    }

    /**
     * What one request got.
     *
     * @param page null: to be asked again
     */
    record Answer(@Nullable Page page, Found found) {

        Page until(long fence) {
            return Objects.requireNonNull(page).until(fence);
        }
    }

    List<Query> queries() {
        return queries;
    }

    /** One for each request, in their order. */
    List<Answer> answers(Found found) {
        Iterator<@Nullable Slice> slices = found.slices().iterator();
        shared.isOf(found.born());
        sharedQueries.keySet().forEach(target -> remember(target, slices.next()));
        List<Answer> answers = new ArrayList<>();
        for (EventRange request : requests) {
            Page page = isShared(request) ? sharedPage(request, found) : page(request, slices.next(), found);
            answers.add(new Answer(page, found));
        }
        shared.bound();
        return answers;
    }

    private void plan(EventRange request) {
        queries.add(new Query(request.target(), request.after(), request.limit(), 0));
    }

    private void planShared(EventRange request) {
        Slice known = shared.find(request.target(), request.after());
        if (known == null || known.countAfter(request.after()) < request.limit()) {
            Query query = known == null
                    ? new Query(request.target(), request.after(), SHARED_PAGE, NEWEST)
                    : new Query(request.target(), known.upTo(), SHARED_PAGE, 0);
            sharedQueries.merge(request.target(), query, (one, other) -> one.after() <= other.after() ? one : other);
        }
    }

    private void remember(Target target, @Nullable Slice read) {
        if (read != null && read.from() <= read.upTo()) { // otherwise it was read from the future
            shared.add(target, read);
        }
    }

    private @Nullable Page sharedPage(EventRange request, Found found) {
        Slice slice = shared.find(request.target(), request.after());
        if (slice == null) {
            return request.after() > found.seq() ? new Page(true, List.of(), false, found.seq()) : null;
        }
        Page page = slice.page(request.after(), request.limit(), found.seq());
        return page.more() && page.events().isEmpty() ? null : page;
    }

    private static @Nullable Page page(EventRange request, @Nullable Slice slice, Found found) {
        return slice == null ? null : slice.page(request.after(), request.limit(), found.seq());
    }

    private static boolean isShared(EventRange request) {
        Kind kind = request.target().kind();
        return kind == Kind.GROUP || kind == Kind.BROADCAST;
    }
}
