package dev.ssecluster.backplane;

import dev.ssecluster.backplane.History.Page;
import dev.ssecluster.backplane.HistoryScript.Found;
import dev.ssecluster.backplane.HistoryScript.Query;
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

    private final List<Request> requests;
    private final SharedHistory shared;
    private final Map<Target, Query> sharedQueries = new LinkedHashMap<>();
    private final List<Query> queries;

    HistoryCall(List<Request> requests, SharedHistory shared) {
        this.requests = requests;
        this.shared = shared;
        requests.stream().filter(Request::isShared).forEach(this::planShared);
        this.queries = new ArrayList<>(sharedQueries.values()); // first, so that users' pages never crowd them out
        requests.stream().filter(request -> !request.isShared()).forEach(this::plan);
    }

    /**
     * A page that somebody wants.
     *
     * @param newest how many of the newest events may be read although they were not asked for, because others will do so
     */
    record Request(Target target, long after, int limit, int newest) {

        boolean isShared() {
            return target.kind() == Kind.GROUP || target.kind() == Kind.BROADCAST;
        }
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
        for (Request request : requests) {
            Page page = request.isShared() ? sharedPage(request, found) : page(request, slices.next(), found);
            answers.add(new Answer(page, found));
        }
        if (!sharedQueries.isEmpty()) { // else nothing was added
            shared.bound();
        }
        return answers;
    }

    private void plan(Request request) {
        queries.add(new Query(request.target(), request.after(), request.limit(), 0));
    }

    private void planShared(Request request) {
        Slice known = shared.find(request.target(), request.after());
        if (known == null || known.countAfter(request.after()) < request.limit()) {
            Query query = known == null
                    ? new Query(request.target(), request.after(), SHARED_PAGE, request.newest())
                    : new Query(request.target(), known.upTo(), SHARED_PAGE, 0);
            sharedQueries.merge(request.target(), query, (one, other) -> one.after() <= other.after() ? one : other);
        }
    }

    private void remember(Target target, @Nullable Slice read) {
        if (read != null && read.from() <= read.upTo()) { // otherwise it was read from the future
            shared.add(target, read);
        }
    }

    private @Nullable Page sharedPage(Request request, Found found) {
        Slice slice = shared.find(request.target(), request.after());
        if (slice == null) {
            return request.after() > found.seq() ? new Page(true, List.of(), false, found.seq()) : null;
        }
        Page page = slice.page(request.after(), request.limit(), found.seq());
        return page.more() && page.events().isEmpty() ? null : page;
    }

    private static @Nullable Page page(Request request, @Nullable Slice slice, Found found) {
        return slice == null ? null : slice.page(request.after(), request.limit(), found.seq());
    }
}
