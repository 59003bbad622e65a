package dev.ssecluster.store;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TimeZone;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.ssecluster.store.StoreOutcome.CONFLICT;
import static dev.ssecluster.store.StoreOutcome.REFUSED;
import static dev.ssecluster.store.StoreOutcome.STORED;
import static dev.ssecluster.store.TestStore.T0;
import static dev.ssecluster.store.TestStore.event;
import static dev.ssecluster.store.TestStore.events;
import static org.assertj.core.api.Assertions.assertThat;

class MessageStoreIT {

    private static final TestStore STORE = TestStore.create();
    private static final Target ANNA = Target.user("anna");

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
    void whenStoredThenTheRowHasTheIdAsTextAndAsUtcTimeWhateverTheTimeZone() {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Shanghai"));
        try {
            assertThat(messages.store(List.of(event(T0 + 123_456, ANNA, Priority.HIGH, T0 + 60_000_007)))).containsExactly(STORED);
            assertThat(messages.inbox("anna", null, null, T0, 9).getFirst().createdAt()).hasToString("2026-11-30T00:53:20.123456Z");
        } finally {
            TimeZone.setDefault(before);
        }
        assertThat(row(T0 + 123_456)).containsExactly("1796000000123456", "news", "anna", "user", "null", "1",
                "{\"n\":1796000000123456}", "0", "2026-11-30 00:54:20.000007", "2026-11-30 00:53:20.123456");
    }

    @Test
    void whenForAGroupOrEveryoneThenThereIsNoReceiverAndNothingPending() {
        messages.store(List.of(event(T0, Target.group("team")), event(T0 + 1, Target.BROADCAST), event(T0 + 2, Target.client("c"))));
        assertThat(row(T0).subList(2, 8)).containsExactly("null", "group", "team", "0", "{\"n\":1796000000000000}", "1");
        assertThat(row(T0 + 1).subList(2, 5)).containsExactly("null", "broadcast", "null");
        assertThat(row(T0 + 2).subList(2, 5)).containsExactly("c", "client", "null");
        assertThat(STORE.status(T0 + 1)).isEqualTo(1);
        assertThat(STORE.status(T0 + 2)).isZero();
    }

    @Test
    void whenStoredAgainThenNothingChanges() {
        List<Event> all = events(T0, 5, ANNA);
        messages.store(all.subList(1, 3));
        messages.markRead("anna", List.of("1796000000000001"));
        assertThat(messages.store(all)).containsOnly(STORED).hasSize(5);
        assertThat(messages.store(all)).containsOnly(STORED).hasSize(5);
        assertThat(count()).isEqualTo(5);
        assertThat(STORE.status(T0 + 1)).isEqualTo(2);
    }

    @Test
    void whenAnIdIsTakenByOtherContentThenOnlyThatOneIsAConflict() {
        messages.store(events(T0, 5, ANNA));
        assertThat(messages.store(List.of(
                event(T0, Target.user("Anna")),
                event(T0 + 1, Target.client("anna")),
                event(T0 + 2, ANNA, Priority.URGENT),
                event(T0 + 3, ANNA, Priority.NORMAL, 0, "{\"n\":0}"),
                event(T0 + 4, ANNA),
                event(T0 + 5, ANNA)))).containsExactly(CONFLICT, CONFLICT, CONFLICT, CONFLICT, STORED, STORED);
        assertThat(STORE.cell(T0, "receiver_id")).isEqualTo("anna");
        assertThat(count()).isEqualTo(6);
    }

    @Test
    void whenAPredecessorsRowHasTheIdOrTheEventIdThenItIsAConflict() {
        STORE.insertForeign(T0, "evt_1", "user", "anna", null, "{\"n\":1796000000000000}");
        STORE.insertForeign(7, Long.toString(T0 + 1), "user", "anna", null, "{\"n\":1796000000000001}");
        assertThat(messages.store(events(T0, 3, ANNA))).containsExactly(CONFLICT, CONFLICT, STORED);
    }

    @Test
    void whenAnIdComesTwiceInOneCallThenItIsStoredOnce() {
        Event other = event(T0, ANNA, Priority.NORMAL, 0, "1");
        assertThat(messages.store(List.of(event(T0, ANNA), event(T0 + 1, ANNA), event(T0, ANNA), other)))
                .containsExactly(STORED, STORED, STORED, CONFLICT);
        assertThat(count()).isEqualTo(2);
    }

    @Test
    void whenTheDatabaseRefusesARowThenTheOthersAreStored() {
        List<Event> all = new ArrayList<>(events(T0, 100, ANNA));
        all.set(17, new Event(T0 + 17, ANNA, Priority.NORMAL, true, 0, "news", new byte[] {'"', (byte) 0xC3, '"'}));
        all.set(63, event(T0 + 63, Target.user("x".repeat(65))));
        all.set(99, event(T0 + 99, ANNA, Priority.NORMAL, 0, '"' + "x".repeat(65_534) + '"'));
        messages.store(all.subList(60, 63));
        List<StoreOutcome> outcomes = messages.store(all);
        assertThat(IntStream.range(0, 100).filter(i -> outcomes.get(i) != STORED)).containsExactly(17, 63, 99);
        assertThat(outcomes).filteredOn(outcome -> outcome != STORED).containsOnly(REFUSED);
        assertThat(count()).isEqualTo(97);
    }

    @Test
    void whenMessagesAreLargeOrManyThenTheyAreStoredWhole() {
        String quotes = "[" + "\"\",".repeat(21_844) + "1]"; // as large as may be, and twice that on its way
        List<Event> all = new ArrayList<>(events(T0, 3_000, ANNA));
        LongStream.range(0, 40).forEach(i -> all.add(event(T0 + 5_000 + i, ANNA, Priority.NORMAL, 0, quotes)));
        assertThat(messages.store(all)).containsOnly(STORED).hasSize(3_040);
        assertThat(count()).isEqualTo(3_040);
        assertThat(STORE.cell(T0 + 5_039, "OCTET_LENGTH(data)")).isEqualTo(Integer.toString(quotes.length()));
    }

    @Test
    void whenTextHasAnyCharacterThenItIsReadBackAsItWas() {
        String data = "\"公告😀 \\\\ \\\" ' % _ ? é e\u0301\"";
        messages.store(List.of(event(T0, Target.user("Zoë 😀?'\\"), Priority.NORMAL, 0, data)));
        Event read = messages.read(T0 - 1, T0, 1).getFirst();
        assertThat(read.target()).isEqualTo(Target.user("Zoë 😀?'\\"));
        assertThat(new String(read.data(), StandardCharsets.UTF_8)).isEqualTo(data);
    }

    @Test
    void whenNodesStoreTheSameEventsAtOnceThenEachIsThereOnce() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        try (ExecutorService nodes = Executors.newFixedThreadPool(6)) {
            for (int round = 0; round < 40; round++) {
                List<Event> all = events(T0 + round * 1_000L, 300, ANNA);
                List<Callable<List<StoreOutcome>>> calls = IntStream.range(0, 6).mapToObj(_ -> {
                    int from = random.nextInt(100);
                    List<Event> some = all.subList(from, from + 200);
                    return (Callable<List<StoreOutcome>>) () -> messages.store(some);
                }).toList();
                for (Future<List<StoreOutcome>> call : nodes.invokeAll(calls)) {
                    assertThat(call.get()).containsOnly(STORED);
                }
            }
        }
    }

    private static List<String> row(long id) {
        return List.of("event_id", "event_type", "receiver_id", "receiver_type", "group_name", "priority", "data", "status",
                "expire_at", "created_at").stream().map(column -> STORE.cell(id, column)).toList();
    }

    private static long count() {
        return STORE.number("SELECT COUNT(*) FROM app_sse_message");
    }
}
