package dev.ssecluster.replay;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class PageTests {

    @Test
    void whenASourceHasMoreThenThePageEndsWhereThatSourceEnds() {
        Page page = Page.merge(List.of(part(true, 1, 4), part(false, 2, 3, 5, 9)), 100, _ -> true);
        assertThat(ids(page)).containsExactly(1L, 2L, 3L, 4L);
        assertThat(page.upTo()).isEqualTo(4);
        assertThat(page.isLast(100)).isFalse();
    }

    @Test
    void whenAllSourcesAreCompleteThenThePageEndsAtTheFence() {
        Page page = Page.merge(List.of(part(false, 1, 101), part(false, 1)), 100, _ -> true);
        assertThat(ids(page)).containsExactly(1L);
        assertThat(page.isLast(100)).isTrue();
    }

    /** However sources overlap and are cut, page after page gives every event up to the fence once and in order. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whenReadPageByPageThenEveryEventComesOnceInOrder(long seed) {
        Random random = new Random(seed);
        List<TreeMap<Long, Event>> sources = List.of(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
        TreeMap<Long, Event> all = new TreeMap<>();
        for (long id = 1; id <= 300; id++) {
            Event event = event(id);
            all.put(id, event);
            sources.get(random.nextInt(3)).put(id, event);
            sources.get(random.nextInt(3)).put(id, event);
        }
        long fence = 250;
        List<Long> got = new ArrayList<>();
        Page page = new Page(List.of(), 0);
        while (!page.isLast(fence)) {
            long after = page.upTo();
            page = Page.merge(sources.stream().map(source -> part(source, after, 1 + random.nextInt(20))).toList(), fence, _ -> true);
            got.addAll(ids(page));
            assertThat(page.upTo()).as("seed %d", seed).isGreaterThan(after);
        }
        assertThat(got).as("seed %d", seed).containsExactlyElementsOf(all.headMap(fence, true).keySet());
    }

    private static Page.Part part(NavigableMap<Long, Event> source, long after, int limit) {
        List<Event> events = source.tailMap(after, false).values().stream().limit(limit).toList();
        return Page.Part.limited(events, limit);
    }

    private static Page.Part part(boolean more, long... ids) {
        return Page.Part.limited(Arrays.stream(ids).mapToObj(PageTests::event).toList(), more ? ids.length : Integer.MAX_VALUE);
    }

    private static Event event(long id) {
        return new Event(id, Target.BROADCAST, Priority.NORMAL, true, 0, "t", "1".getBytes(UTF_8));
    }

    private static List<Long> ids(Page page) {
        return page.events().stream().map(Event::id).toList();
    }
}
