package dev.ssecluster.backplane;

import dev.ssecluster.backplane.HistoryScript.Found;
import dev.ssecluster.backplane.HistoryScript.Query;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.metric.MeterNames;
import io.lettuce.core.XAddArgs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** On a real Redis; ids ahead of its clock, so that times are exact. */
class HistoryScriptIT {

    private static final Target USER = Target.user("u");
    private static final byte[] FIELD = {'f'};
    private static final long WINDOW = 1_000_000;
    private static final long BEGIN = 4_000_000_000_000_000L; // year 2096
    private static final long BORN = BEGIN - 10 * WINDOW;
    private static final long END = BEGIN + 10;

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final BackplaneMeters meters = new BackplaneMeters(registry);
    private final HistoryScript script = script(1_000_000, 8_000_000);

    @BeforeEach
    void adopted() {
        redis.redis().flushall();
        redis.redis().set(Keys.EPOCH, "e".getBytes(UTF_8));
        set(Keys.SEQ, END);
        set(Keys.BORN, BORN);
    }

    @Test
    void whenReadThenTheFenceIsTheLastIdIssuedAndAllEntriesAboveTheCursorComeInOrder() {
        add(BEGIN, BEGIN + 1, BEGIN + 3);
        Found found = read(script, BEGIN, 100, 0);
        assertThat(found).returns(END, Found::seq).returns(BORN, Found::born).returns(END - WINDOW, Found::windowStart);
        assertThat(slice(found)).returns(BEGIN, Slice::from).returns(END, Slice::upTo);
        assertThat(ids(found)).containsExactly(BEGIN + 1, BEGIN + 3);
    }

    @Test
    void whenTheFirstEntryIsNotAboveTheCursorThenTheHistoryCoversItHoweverOldItIs() {
        add(BEGIN - 9 * WINDOW, BEGIN);
        trim(1_000);
        assertThat(covers(BEGIN - 9 * WINDOW)).isTrue();
    }

    @Test
    void whenNothingWasEverTrimmedThenItCoversTheWindowBeforeItsFirstEntry() {
        add(BEGIN);
        assertThat(covers(BEGIN - WINDOW)).isTrue();
        assertThat(covers(BEGIN - WINDOW - 1)).isFalse(); // an older incarnation may have expired
    }

    @Test
    void whenEntriesWereTrimmedThenItCoversOnlyWhatFollowsThem() {
        add(BEGIN, BEGIN + 1, BEGIN + 2);
        trim(2);
        assertThat(covers(BEGIN - 1)).isFalse();
        assertThat(covers(BEGIN)).isTrue(); // the first one that is left is the next one
        assertThat(ids(read(script, BEGIN - 1, 100, 0))).containsExactly(BEGIN + 1, BEGIN + 2);
    }

    @Test
    void whenEverythingWasTrimmedThenItCoversWhoeverHadTheLastEntry() {
        add(BEGIN, BEGIN + 1);
        trim(0);
        assertThat(covers(BEGIN)).isFalse();
        assertThat(covers(BEGIN + 1)).isTrue();
    }

    @Test
    void whenThereIsNoHistoryThenItCoversTheWindow() {
        assertThat(covers(END - WINDOW)).isTrue();
        assertThat(covers(END - WINDOW - 1)).isFalse();
        assertThat(ids(read(script, BEGIN, 100, 0))).isEmpty();
    }

    @Test
    void whenTheCursorIsOfAnotherEpochThenItIsNotCovered() {
        add(BEGIN - 5, BEGIN);
        set(Keys.BORN, BEGIN - 1);
        assertThat(covers(BEGIN - 2)).isFalse();
        assertThat(covers(BEGIN - 1)).isTrue();
    }

    @Test
    void whenTheEpochIsAnotherOneOrMissingThenNothingIsRead() {
        redis.redis().set(Keys.EPOCH, "f".getBytes(UTF_8));
        assertThat(read(script, BEGIN, 100, 0).isRefused()).isTrue();
        redis.redis().del(Keys.EPOCH);
        assertThat(read(script, BEGIN, 100, 0).isRefused()).isTrue();
    }

    @Test
    void whenTheKeyHoldsSomethingElseThenNothingIsCoveredAndTheOthersAreRead() {
        Target broken = Target.user("broken");
        redis.redis().set(Keys.history(broken), new byte[] {1});
        add(BEGIN);
        Found found = read(script, List.of(new Query(broken, BEGIN, 1, 0), new Query(USER, BEGIN - 1, 1, 0)));
        assertThat(found.slices().getFirst()).isEqualTo(new Slice(END, 0, END, List.of()));
        assertThat(Objects.requireNonNull(found.slices().getLast()).events()).hasSize(1);
    }

    @Test
    void whenThereIsMoreThanTheLimitThenThePageEndsThere() {
        LongStream.range(BEGIN, BEGIN + 700).forEach(this::add);
        set(Keys.SEQ, BEGIN + 700);
        for (int limit : new int[] {1, 255, 256, 257, 699}) {
            Found found = read(script, BEGIN - 1, limit, 0);
            assertThat(ids(found)).hasSize(limit).isSorted();
            assertThat(slice(found).upTo()).isEqualTo(BEGIN + limit - 1);
        }
        assertThat(slice(read(script, BEGIN - 1, 700, 0)).upTo()).isEqualTo(BEGIN + 700);
    }

    @Test
    void whenEntriesAreLargeThenThePageEndsEarlyButNeverEmpty() {
        LongStream.range(BEGIN, BEGIN + 5).forEach(this::add);
        Found found = read(script(1, 8_000_000), BEGIN - 1, 100, 0);
        assertThat(ids(found)).containsExactly(BEGIN);
        assertThat(slice(found).upTo()).isEqualTo(BEGIN);
    }

    @Test
    void whenTheCallIsFullThenTheRangesThatAreLeftAreNotRead() {
        add(BEGIN);
        Query query = new Query(USER, BEGIN - 1, 1, 0);
        assertThat(read(script(1_000, 1), List.of(query, query, query)).slices())
                .satisfiesExactly(
                        first -> assertThat(first).isNotNull(),
                        second -> assertThat(second).isNull(),
                        third -> assertThat(third).isNull());
    }

    @Test
    void whenTheNewestReachDownToTheCursorThenTheyAreAnswered() {
        LongStream.range(BEGIN, BEGIN + 10).forEach(this::add);
        Found newest = read(script, BEGIN + 5, 1, 6);
        assertThat(slice(newest)).returns(BEGIN + 3, Slice::from).returns(END, Slice::upTo);
        assertThat(ids(newest)).containsExactly(BEGIN + 4, BEGIN + 5, BEGIN + 6, BEGIN + 7, BEGIN + 8, BEGIN + 9);
        assertThat(slice(read(script, BEGIN + 5, 1, 11)).from()).isZero();
        Found onward = read(script, BEGIN + 1, 3, 6);
        assertThat(ids(onward)).containsExactly(BEGIN + 2, BEGIN + 3, BEGIN + 4);
        assertThat(slice(onward)).returns(BEGIN + 1, Slice::from).returns(BEGIN + 4, Slice::upTo);
    }

    @Test
    void whenNothingIsNewThenNoEntriesAreRead() {
        add(BEGIN, BEGIN + 1);
        redis.redis().configResetstat();
        assertThat(ids(read(script, BEGIN + 1, 10, 10))).isEmpty();
        assertThat(redis.redis().info("commandstats")).doesNotContain("range");
        assertThat(registry.counter(MeterNames.REPLAY_READS, "source", "history").count()).isZero();
    }

    @Test
    void whenAFrameIsNoneOfOursThenItIsCountedAndThePageGoesOnBehindIt() {
        redis.redis().xadd(Keys.history(USER), new XAddArgs().id(BEGIN + "-0"), Map.of(FIELD, new byte[] {4, 0}));
        redis.redis().xadd(Keys.history(USER), new XAddArgs().id((BEGIN + 1) + "-0"), Map.of(FIELD, new byte[] {1, 0}));
        Found found = read(script, BEGIN - 1, 2, 0);
        assertThat(ids(found)).isEmpty();
        assertThat(slice(found).upTo()).isEqualTo(END);
        assertThat(meters.unknownVersion.count()).isEqualTo(1);
        assertThat(meters.malformed.count()).isEqualTo(1);
    }

    @Test
    void whenTheCursorIsNoneOfOursThenNothingFails() {
        add(BEGIN);
        for (long cursor : new long[] {-1, 0, 1, END + 1, FrameLayout.MAX_ID, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThat(ids(read(script, cursor, 10, 10))).hasSize(cursor < BEGIN ? 1 : 0);
        }
    }

    private HistoryScript script(long pageBytes, long callBytes) {
        var history = new HistoryProperties(Duration.ofNanos(WINDOW * 1_000), 1_000);
        return new HistoryScript(history, pageBytes, callBytes, meters);
    }

    private boolean covers(long cursor) {
        return cursor >= slice(read(script, cursor, 100, 0)).coveredFrom();
    }

    private void add(long... ids) {
        for (long id : ids) {
            byte[] rest = Frame.encodeRest(TestNode.message(USER, "1", null));
            byte[] frame = ByteBuffer.allocate(FrameLayout.HEADER + rest.length).put(FrameLayout.VERSION).putLong(id).put(rest).array();
            redis.redis().xadd(Keys.history(USER), new XAddArgs().id(id + "-0"), Map.of(FIELD, frame));
        }
    }

    private static void trim(long length) {
        redis.redis().xtrim(Keys.history(USER), length);
    }

    private static void set(byte[] key, long value) {
        redis.redis().set(key, LuaScript.number(value));
    }

    private static Found read(HistoryScript script, long after, int limit, int newest) {
        return read(script, List.of(new Query(USER, after, limit, newest)));
    }

    private static Found read(HistoryScript script, List<Query> queries) {
        return script.run(redis.connection().async(), "e", queries, Runnable::run)
                .toCompletableFuture()
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
    }

    private static Slice slice(Found found) {
        return Objects.requireNonNull(found.slices().getFirst());
    }

    private static List<Long> ids(Found found) {
        return slice(found).events().stream().map(Event::id).toList();
    }
}
