package dev.ssecluster.store;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventRange;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.ssecluster.store.TestStore.T0;
import static dev.ssecluster.store.TestStore.event;
import static dev.ssecluster.store.TestStore.events;
import static dev.ssecluster.store.TestStore.ids;
import static org.assertj.core.api.Assertions.assertThat;

/** What a replay reads. */
class StoredEventsIT {

    private static final TestStore STORE = TestStore.create();
    private static final Target ANNA = Target.user("anna");
    private static final long SAFE = 9_007_199_254_740_992L; // 2^53

    private final MessageStore messages = STORE.messages;

    @AfterAll
    static void close() {
        STORE.close();
    }

    @BeforeEach
    void empty() {
        STORE.jdbc.update("DELETE FROM app_sse_message");
    }

    @Test
    void whenRangesAreReadThenEachHasItsTargetsEventsAscending() {
        STORE.storeAll(List.of(event(T0 + 4, ANNA, Priority.URGENT, T0 + 9, "[1]"), event(T0 + 1, ANNA), event(T0 + 2, Target.client("anna")),
                event(T0 + 3, Target.group("anna")), event(T0 + 5, Target.BROADCAST), event(T0 + 6, Target.user("Anna"))));
        List<List<Event>> read = messages.read(List.of(new EventRange(Target.BROADCAST, 0, 9), new EventRange(ANNA, 0, 9),
                new EventRange(Target.group("anna"), 0, 9), new EventRange(Target.client("anna"), 0, 9),
                new EventRange(Target.user("nobody"), 0, 9), new EventRange(ANNA, T0 + 1, 9), new EventRange(ANNA, 0, 1)));
        assertThat(read.stream().map(TestStore::ids)).containsExactly(List.of(T0 + 5), List.of(T0 + 1, T0 + 4), List.of(T0 + 3),
                List.of(T0 + 2), List.of(), List.of(T0 + 4), List.of(T0 + 1));
        assertThat(read.get(1).get(1)).usingRecursiveComparison()
                .isEqualTo(event(T0 + 4, ANNA, Priority.URGENT, T0 + 9, "[1]"));
    }

    @Test
    void whenManyRangesAreReadThenNoneIsMixedUp() {
        List<Event> all = IntStream.range(0, 900).mapToObj(i -> event(T0 + i, Target.user("u" + i % 450))).toList();
        STORE.storeAll(all);
        List<List<Event>> read = messages.read(IntStream.range(0, 450)
                .mapToObj(i -> new EventRange(Target.user("u" + i), T0, 100)).toList());
        assertThat(read).hasSize(450);
        assertThat(ids(read.get(0))).containsExactly(T0 + 450);
        assertThat(IntStream.range(1, 450)).allMatch(i -> ids(read.get(i)).equals(List.of(T0 + i, T0 + 450 + i)));
    }

    @Test
    void whenNothingIsAskedForThenNothingIsRead() {
        assertThat(messages.read(List.of())).isEmpty();
    }

    @Test
    void whenReadByIdThenWhoeverItIsForAndNoFurtherThanTheEnd() {
        STORE.storeAll(List.of(event(T0 + 1, ANNA), event(T0 + 2, Target.BROADCAST), event(T0 + 3, Target.group("g")),
                event(T0 + 4, Target.client("c"))));
        STORE.insertForeign(T0 + 2_000, "evt_9", "topic", "x", null, "1"); // nobody's
        assertThat(messages.read(T0 + 1, T0 + 3, 9).stream().map(Event::target)).containsExactly(Target.BROADCAST, Target.group("g"));
        assertThat(ids(messages.read(0, Long.MAX_VALUE, 3))).containsExactly(T0 + 1, T0 + 2, T0 + 3);
        assertThat(ids(messages.read(T0 + 3, Long.MAX_VALUE, 9))).containsExactly(T0 + 4);
    }

    @Test
    void whenAPredecessorsRowsAreReadThenTheirDataIsJsonOfOneLine() {
        List<String> data = new ArrayList<>(List.of("{\"a\":\r\n 1.50}", "Hello\ndata: {}\n\nevent: x", "12", "{} {}", "", "{\"a\":"));
        for (int i = 0; i < data.size(); i++) {
            STORE.insertForeign(1 + i, "evt_" + i, "user", "anna", null, data.get(i));
        }
        STORE.insertForeign(7, "evt_7", "user", "anna", null, null);
        List<Event> read = messages.read(List.of(new EventRange(ANNA, 0, 9))).getFirst();
        assertThat(ids(read)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(read.stream().map(event -> new String(event.data(), StandardCharsets.UTF_8))).containsExactly(
                "{\"a\":   1.50}", "\"Hello\\ndata: {}\\n\\nevent: x\"", "12", "\"{} {}\"", "\"\"", "\"{\\\"a\\\":\"", "null");
        assertThat(read).allMatch(event -> event.expiresAt() == 0 && event.type().equals("notice"));
    }

    @Test
    void whenAPredecessorsTypeIsNoneOfOursThenItHasTheDefaultOne() {
        STORE.insertForeign(1, "evt_1", "broadcast", "everyone", "all", "1");
        STORE.jdbc.update("UPDATE app_sse_message SET event_type = 'a\nid: 5', priority = 9");
        Event read = messages.read(List.of(new EventRange(Target.BROADCAST, 0, 9))).getFirst().getFirst();
        assertThat(read.type()).isEqualTo("message");
        assertThat(read.priority()).isEqualTo(Priority.NORMAL);
        assertThat(read.target()).isEqualTo(Target.BROADCAST);
    }

    @Test
    void whenAnIdIsNoSafeNumberThenItIsNotReplayed() {
        STORE.insertForeign(SAFE, "evt_1", "user", "anna", null, "1");
        STORE.insertForeign(SAFE + 1, "evt_2", "user", "anna", null, "1");
        assertThat(ids(messages.read(List.of(new EventRange(ANNA, 0, 9))).getFirst())).containsExactly(SAFE);
        assertThat(ids(messages.read(0, Long.MAX_VALUE, 9))).containsExactly(SAFE);
        assertThat(messages.idOf("evt_1")).isEqualTo(SAFE);
        assertThat(messages.idOf("evt_2")).isZero();
    }

    @Test
    void whenTheHighestIdIsAskedForThenOnlyOwnRowsCount() {
        assertThat(messages.highestId()).isZero();
        STORE.insertForeign(12, "12", "user", "anna", null, "1");
        STORE.insertForeign(T0 + 5, "evt_2", "user", "anna", null, "1");
        STORE.insertForeign(SAFE + 2, Long.toString(SAFE + 2), "user", "anna", null, "1");
        assertThat(messages.highestId()).isZero();
        STORE.storeAll(events(T0, 3, ANNA));
        assertThat(messages.highestId()).isEqualTo(T0 + 2);
    }

    @Test
    void whenAnEventIdIsLookedUpThenExactly() {
        STORE.insertForeign(12, "evt_12", "user", "anna", null, "1");
        assertThat(messages.idOf("evt_12")).isEqualTo(12);
        assertThat(List.of("EVT_12", "evt_1", "evt%", "", "' OR 1 = 1 #", "😀", "x".repeat(500))).allMatch(id -> messages.idOf(id) == 0);
        assertThat(messages.existing(List.of("evt_12", "Evt_12", "5"))).containsExactly("evt_12");
        assertThat(messages.existing(List.of())).isEmpty();
    }
}
