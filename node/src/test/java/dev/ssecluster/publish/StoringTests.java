package dev.ssecluster.publish;

import dev.ssecluster.backplane.Publication;
import dev.ssecluster.backplane.PublishResult;
import dev.ssecluster.publish.Http.Answered;
import dev.ssecluster.test.MemoryJournal;
import dev.ssecluster.test.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a send with {@code persist} is answered. */
@PublishTest
class StoringTests {

    private static final String TO_USER = "{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":1,\"persist\":true}";
    private static final String SHORT = "{\"user_id\":\"u\",\"event_type\":\"t\",\"data\":1,\"persist\":true,\"ttl\":60}";

    @Autowired
    private RecordingBackplane backplane;

    @Autowired
    private MemoryStore store;

    @Autowired
    private MemoryJournal journal;

    @Autowired
    private AtomicLong now;

    private Http http;

    @BeforeEach
    void start(@LocalServerPort int port) {
        http = new Http(port);
        backplane.reset();
        store.clear();
        now.set(RecordingBackplane.FIRST_ID);
    }

    @Test
    void whenItIsStoredThenTheAnswerSaysUntilWhen() {
        Answered answer = http.post("/send", TO_USER);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("$.data.persisted")).isEqualTo("true");
        assertThat(answer.body()).doesNotContain("journaled");
        long id = Long.parseLong(answer.text("$.data.event_id"));
        assertThat(Instant.parse(answer.text("$.data.expires_at"))).isEqualTo(instant(id).plus(Duration.ofDays(7)));
        assertThat(store.ids()).containsExactly(id);
        assertThat(journal.ids()).isEmpty();
    }

    @Test
    void whenItHasATtlThenItExpiresAfterIt() {
        Answered answer = http.post("/send", SHORT);
        long id = Long.parseLong(answer.text("$.data.event_id"));
        assertThat(Instant.parse(answer.text("$.data.expires_at"))).isEqualTo(instant(id).plusSeconds(60));
        Answered live = http.post("/broadcast", "{\"event_type\":\"t\",\"data\":1,\"ttl\":5}");
        assertThat(live.text("$.data.persisted")).isEqualTo("false");
        assertThat(Instant.parse(live.text("$.data.expires_at"))).isAfter(instant(id).plusSeconds(4));
        assertThat(backplane.published()).extracting(Publication::ttlSeconds).containsExactly(60L, 5L);
        assertThat(store.ids()).containsExactly(id);
    }

    @Test
    void whenTheDatabaseIsTooSlowThenItIsAcceptedAndStoredLater() {
        store.pause();
        Answered answer = http.post("/send", TO_USER);
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text("$.data.persisted")).isEqualTo("false");
        assertThat(answer.text("$.data.journaled")).isEqualTo("true");
        assertThat(journal.ids()).hasSize(1);
        store.resume();
        await().until(() -> journal.ids().isEmpty());
    }

    @Test
    void whenTheDatabaseRefusesItThenNobodyIsToldThatItIsStored() {
        store.refuse(1 + Long.parseLong(http.post("/send", TO_USER).text("$.data.event_id")));
        Answered answer = http.post("/send", TO_USER);
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.problem()).isEqualTo("not-storable");
        assertThat(answer.text("$.outcome")).isEqualTo("unknown");
        assertThat(journal.dead()).hasSize(1);
    }

    @Test
    void whenRedisLostItsEntryThenTheOutcomeIsUnknown() throws InterruptedException {
        journal.restartEmpty("1");
        store.pause();
        Thread sending = Thread.ofVirtual().start(() -> {
            await().until(() -> !journal.ids().isEmpty());
            journal.restartEmpty("2");
            store.resume();
        });
        Answered answer = http.post("/send", TO_USER);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.text("$.outcome")).isEqualTo("unknown");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(sending.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void whenTheJournalIsFullThenNothingIsSent() {
        backplane.answerAlways(new PublishResult.JournalFull());
        Answered answer = http.post("/send", TO_USER);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.problem()).isEqualTo("journal-full");
        assertThat(answer.text("$.outcome")).isEqualTo("not_sent");
    }

    /** The node that sent it may have died before its commit, with the answer of its first try. */
    @Test
    void whenItIsRepeatedThenItsRowIsMadeSureOf() {
        Answered first = http.post("/send", TO_USER, "Idempotency-Key", "k");
        store.clear();
        Answered second = http.post("/send", TO_USER, "Idempotency-Key", "k");
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(store.ids()).containsExactly(Long.parseLong(first.text("$.data.event_id")));
        assertThat(http.post("/send", TO_USER, "Idempotency-Key", "k").body()).isEqualTo(first.body());
    }

    /** Its entry was removed long ago, which Redis cannot tell from a loss any more. */
    @Test
    void whenItIsRepeatedAfterRedisWasRestartedWithItsDataThenItIsStored() {
        Answered first = http.post("/send", TO_USER, "Idempotency-Key", "k");
        journal.restart("2");
        Answered second = http.post("/send", TO_USER, "Idempotency-Key", "k");
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(second.body()).isEqualTo(first.body());
    }

    @Test
    void whenWhatHasExpiredIsRepeatedThenItsRowDoesNotComeBack() {
        Answered first = http.post("/send", SHORT, "Idempotency-Key", "k");
        store.clear();
        now.addAndGet(61_000_000);
        Answered second = http.post("/send", SHORT, "Idempotency-Key", "k");
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(store.ids()).isEmpty();
    }

    @Test
    void whenABatchIsStoredThenInOneCall() {
        Answered answer = http.post("/send/batch", """
                {"messages":[
                  {"target":{"user_id":"u"},"event_type":"t","data":1,"persist":true},
                  {"target":{"user_id":"u"},"event_type":"t","data":2},
                  {"target":{"group":"g"},"event_type":"t","data":3,"persist":true,"ttl":0},
                  {"target":{"group":"g"},"event_type":"t","data":4,"persist":true,"ttl":9},
                  {"target":{"broadcast":true},"event_type":"t","data":5,"persist":true}
                ]}""");
        assertThat(answer.texts("$.data[*].persisted")).containsExactly("true", "false", "true", "true");
        assertThat(answer.texts("$.data[2].errors[*].field")).containsExactly("messages[2].ttl");
        assertThat(store.batches()).containsExactly(3);
        assertThat(store.ids()).hasSize(3);
    }

    @Test
    void whenTheDatabaseIsTooSlowThenEachMessageOfABatchSaysSo() {
        store.pause();
        Answered answer = http.post("/send/batch", """
                {"messages":[{"target":{"user_id":"u"},"event_type":"t","data":1,"persist":true},
                {"target":{"user_id":"u"},"event_type":"t","data":2}]}""");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.texts("$.data[*].journaled")).containsExactly("true");
        store.resume();
        await().until(() -> journal.ids().isEmpty());
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plusNanos(micros * 1_000);
    }
}
