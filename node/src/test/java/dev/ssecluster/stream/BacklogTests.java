package dev.ssecluster.stream;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class BacklogTests {

    private static final Pattern ID = Pattern.compile("^id: (.*)$", Pattern.MULTILINE);

    private final Backlog backlog = new Backlog();
    private final Positions positions = new Positions(100);
    private long now = 1;

    @Test
    void whenPrioritiesMixThenUrgentThenHighThenNormal() {
        add(101, Priority.NORMAL);
        add(102, Priority.HIGH);
        add(103, Priority.NORMAL);
        add(104, Priority.URGENT);
        assertThat(drain(10_000)).containsExactly("104~100-100-104", "102~100-102-104", "101~101-102-104", "103~103-103-104");
        add(105, Priority.NORMAL);
        assertThat(drain(10_000)).containsExactly("105");
    }

    @Test
    void whenNothingWasOvertakenThenCursorsArePlain() {
        add(101, Priority.URGENT);
        add(102, Priority.HIGH);
        add(103, Priority.NORMAL);
        assertThat(drain(10_000)).containsExactly("101", "102", "103");
        assertThat(backlog.isEmpty()).isTrue();
    }

    @Test
    void whenLimitIsSmallThenAtLeastOneWholeFrameIsMoved() {
        add(101, Priority.NORMAL);
        add(102, Priority.NORMAL);
        assertThat(drain(1)).containsExactly("101");
        assertThat(drain(1)).containsExactly("102");
    }

    @Test
    void whenShedThenOnlyUnpersistedNormalEventsGo() {
        add(101, Priority.NORMAL);
        add(102, Priority.HIGH);
        backlog.add(frame(103, Priority.NORMAL, true));
        assertThat(backlog.shed()).isEqualTo(1);
        assertThat(drain(10_000)).containsExactly("102", "103");
        assertThat(backlog.bytes()).isZero();
    }

    @Test
    void whenFenceIsKnownThenEventsUpToItAreForgotten() {
        add(101, Priority.NORMAL);
        add(102, Priority.URGENT);
        add(103, Priority.NORMAL);
        backlog.discardUpTo(102);
        assertThat(drain(10_000)).containsExactly("103");
    }

    @Test
    void whenMissedEventsAreMergedThenEachIsWrittenOnceInItsPlace() {
        add(101, Priority.NORMAL);
        add(104, Priority.NORMAL);
        add(105, Priority.HIGH);
        backlog.merge(List.of(frame(102, Priority.NORMAL, false), frame(103, Priority.HIGH, false), frame(104, Priority.NORMAL, false),
                frame(106, Priority.URGENT, false)));
        int bytes = backlog.bytes();
        assertThat(drain(10_000)).containsExactly("106~100-100-106", "103~100-103-106", "105~100-105-106", "101~101-105-106",
                "102~102-105-106", "104~104-105-106");
        assertThat(bytes).isEqualTo(6 * frame(101, Priority.NORMAL, false).size());
        assertThat(backlog.bytes()).isZero();
    }

    @Test
    void whenServersOwnBlockWaitsThenItComesFirst() {
        add(101, Priority.URGENT);
        SseFrame reset = SseFrame.control("reset\n\n".getBytes(StandardCharsets.UTF_8));
        backlog.addOnce(reset);
        backlog.addOnce(reset);
        assertThat(drainText(10_000)).startsWith("reset\n\nevent:");
    }

    /** A cut after any event: the cursor of the last one received must tell exactly what was received. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whenCutAnywhereThenTheCursorTellsExactlyWhatWasDelivered(long seed) {
        Random random = new Random(seed);
        List<SseFrame> accepted = new ArrayList<>();
        Set<Long> received = new HashSet<>();
        long id = 100;
        for (int step = 0; step < 2_000; step++) {
            for (int n = random.nextInt(4); n > 0; n--) {
                SseFrame frame = frame(++id, Priority.ofLevel(random.nextInt(3)), false);
                accepted.add(frame);
                backlog.add(frame);
            }
            for (String cursor : drain(1 + random.nextInt(300))) {
                Cursor at = Cursor.parse(cursor).orElseThrow();
                received.add(at.id());
                assertThat(accepted).allSatisfy(frame -> assertThat(frame.id() <= position(at, frame.priority()))
                        .as("seed %d, cursor %s, event %d of %s", seed, cursor, frame.id(), frame.priority())
                        .isEqualTo(received.contains(frame.id())));
            }
            accepted.removeIf(frame -> accepted.size() > 60 && received.contains(frame.id()) && frame.id() < positions.of(Priority.NORMAL)
                    && frame.id() < positions.of(Priority.HIGH) && frame.id() < positions.of(Priority.URGENT));
        }
    }

    private static long position(Cursor cursor, Priority priority) {
        return switch (priority) {
            case NORMAL -> cursor.normal();
            case HIGH -> cursor.high();
            case URGENT -> cursor.urgent();
        };
    }

    private void add(long id, Priority priority) {
        backlog.add(frame(id, priority, false));
    }

    private static SseFrame frame(long id, Priority priority, boolean persisted) {
        return SseEncoder.plain(new Event(id, Target.user("u"), priority, persisted, 0, "t", "1".getBytes(StandardCharsets.UTF_8)));
    }

    private List<String> drain(int limit) {
        return ID.matcher(drainText(limit)).results().map((MatchResult result) -> result.group(1)).toList();
    }

    private String drainText(int limit) {
        ByteBuffer out = ByteBuffer.allocate(limit + 10_000);
        backlog.drainTo(out, limit, positions, () -> now);
        return new String(out.array(), 0, out.position(), StandardCharsets.UTF_8);
    }
}
