package dev.ssecluster.replay;

import dev.ssecluster.backplane.History;
import java.util.List;

/** Pages from the history alone: every event that the stream asks for, persisted or not, as long as that is proved. */
record HistoryPages(History history, ReplayRequest request, long fence) implements Pages.Source {

    /** Begins at {@code reading}, which covers all targets. */
    static Pages of(History history, ReplayRequest request, History.Reading reading) {
        return Pages.of(merge(reading, reading.fence()), reading.fence(), new HistoryPages(history, request, reading.fence()));
    }

    static boolean covers(History.Reading reading) {
        return reading.pages().stream().allMatch(History.Page::covered);
    }

    @Override
    public Page read(long after) {
        History.Reading reading = Wait.until(history.read(request.ranges(after)));
        if (!covers(reading)) {
            throw new ReplayBrokenException("The history was trimmed during the replay");
        }
        return merge(reading, fence).behind(after);
    }

    private static Page merge(History.Reading reading, long fence) {
        return Page.merge(parts(reading), fence, _ -> true);
    }

    static List<Page.Part> parts(History.Reading reading) {
        return reading.pages().stream()
                .map(page -> new Page.Part(page.events(), page.more() ? page.upTo() : Long.MAX_VALUE))
                .toList();
    }
}
