package dev.ssecluster.message;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import dev.ssecluster.publish.Http;
import dev.ssecluster.publish.Http.Answered;
import dev.ssecluster.publish.PublishTest;
import dev.ssecluster.store.StoredMessage;
import dev.ssecluster.test.MemoryJournal;
import dev.ssecluster.test.MemoryStore;
import dev.ssecluster.test.MemoryUnreadCache;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

@PublishTest
class MessagesControllerTests {

    private static final long FIRST = 1_795_345_331_200_871L;

    @Autowired
    private MemoryStore store;

    @Autowired
    private MemoryJournal journal;

    @Autowired
    private MemoryUnreadCache cache;

    private Http http;

    @BeforeEach
    void start(@LocalServerPort int port) {
        http = new Http(port);
        store.clear();
        journal.clear();
        cache.clear();
    }

    @Test
    void whenMessagesAreListedThenEachHasAllItsFieldsAndItsDataAsTheyCame() {
        store(new Event(FIRST, Target.user("公告 🚀"), Priority.HIGH, true, FIRST + 60_000_000, "a.b", bytes("{\"n\":1.0,\"é\":\"\\u00e9\"}")));
        Answered answer = http.get("/messages/pending?user_id=%E5%85%AC%E5%91%8A%20%F0%9F%9A%80");
        assertThat(answer.body()).isEqualTo("{\"data\":[{\"event_id\":\"1795345331200871\",\"event_type\":\"a.b\","
                + "\"data\":{\"n\":1.0,\"é\":\"\\u00e9\"},\"priority\":1,\"status\":0,\"receiver_type\":\"user\","
                + "\"created_at\":\"2026-11-22T11:02:11.200871Z\",\"expires_at\":\"2026-11-22T11:03:11.200871Z\"}],\"next\":null}");
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void whenThereAreManyThenPagesLeadThroughAllOfThem() {
        storeMany(7);
        assertThat(walk("/messages/pending?user_id=u&limit=3", "last_event_id")).isEqualTo(ids(0, 1, 2, 3, 4, 5, 6));
        assertThat(walk("/messages?user_id=u&limit=3", "before")).isEqualTo(ids(6, 5, 4, 3, 2, 1, 0));
        assertThat(walk("/messages/pending?user_id=u&limit=7", "last_event_id")).hasSize(7);
    }

    private List<String> walk(String path, String parameter) {
        Answered page = http.get(path);
        List<String> found = new java.util.ArrayList<>(page.texts("$.data[*].event_id"));
        while (!page.body().endsWith("\"next\":null}")) {
            page = http.get(path + "&" + parameter + "=" + page.text("$.next"));
            found.addAll(page.texts("$.data[*].event_id"));
        }
        return found;
    }

    @Test
    void whenTheCursorIsAStreamsIdOrAPredecessorsThenItIsUnderstood() {
        storeMany(3);
        predecessor(5, "evt_5", "1");
        assertThat(http.get("/messages/pending?user_id=u&last_event_id=evt_5").texts("$.data[*].event_id")).isEqualTo(ids(0, 1, 2));
        String composite = FIRST + 1 + "~" + FIRST + "-" + FIRST + "-" + (FIRST + 1);
        assertThat(http.get("/messages/pending?user_id=u&last_event_id=" + composite).texts("$.data[*].event_id")).isEqualTo(ids(2));
        assertThat(http.get("/messages?user_id=u&before=" + (FIRST + 1)).texts("$.data[*].event_id")).containsExactly(ids(0).getFirst(), "evt_5");
        assertThat(http.get("/messages/pending?user_id=u&last_event_id=&limit=").texts("$.data[*].event_id")).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource({
        "/messages?user_id=a%2Cb, user_id", "/messages, user_id", "/messages?user_id=, user_id", "/messages?user_id=a&user_id=b, user_id",
        "/messages?user_id=u&limit=0, limit", "/messages?user_id=u&limit=1001, limit", "/messages?user_id=u&limit=1&limit=2, limit",
        "/messages?user_id=u&limit=x, limit",
        "/messages?user_id=u&status=3, status", "/messages?user_id=u&status=-1, status", "/messages?user_id=u&before=evt_9, before",
        "/messages/pending?user_id=u&last_event_id=abc, last_event_id", "/messages/pending?last_event_id=1, user_id",
        "/messages/unread?user_id=%20u, user_id"
    })
    void whenAParameterIsWrongThenItIsNamed(String path, String field) {
        Answered answer = http.get(path);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.texts("$.errors[*].field")).containsExactly(field);
    }

    @Test
    void whenAParameterIsNotUtf8ThenItIsRefused() {
        assertThat(http.get("/messages?user_id=u").status()).isEqualTo(200);
        assertThat(http.get("/messages/pending?user_id=u&last_event_id=" + "x".repeat(129)).status()).isEqualTo(400);
    }

    @Test
    void whenMessagesAreMarkedThenTheAnswerSaysHowManyAreLeft() {
        storeMany(4);
        assertThat(read("\"event_id\":\"" + FIRST + "\"")).isEqualTo("1,3");
        assertThat(read("\"event_ids\":[\"" + FIRST + "\",\"" + (FIRST + 1) + "~1-1-1\",\"nobody's\"]")).isEqualTo("1,2");
        assertThat(http.get("/messages/unread?user_id=u").body()).isEqualTo("{\"data\":{\"user_id\":\"u\",\"unread\":2}}");
        assertThat(read("\"event_ids\":[]")).isEqualTo("0,2");
        assertThat(read("\"up_to\":\"evt_9\"")).isEqualTo("0,2");
        assertThat(read("\"up_to\":\"" + (FIRST + 3) + "~" + FIRST + "-1-1\"")).isEqualTo("0,2");
        assertThat(read("\"up_to\":\"" + (FIRST + 3) + "\"")).isEqualTo("2,0");
        assertThat(http.get("/messages?user_id=u&status=2").texts("$.data[*].event_id")).hasSize(4);
        assertThat(http.get("/messages/pending?user_id=u").texts("$.data[*].event_id")).isEmpty();
    }

    private String read(String what) {
        Answered answer = http.post("/messages/read", "{\"user_id\":\"u\"," + what + "}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.text("$.data.updated") + "," + answer.text("$.data.unread");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{} | user_id,event_id",
        "{\"user_id\":\"u\"} | event_id",
        "{\"user_id\":\"a,b\",\"event_id\":\"\"} | user_id,event_id",
        "{\"user_id\":\"u\",\"event_id\":\"1\",\"up_to\":\"1\"} | event_id",
        "{\"user_id\":\"u\",\"event_id\":1} | event_id",
        "{\"user_id\":\"u\",\"event_ids\":\"1\"} | event_ids",
        "{\"user_id\":\"u\",\"event_ids\":[\"1\",null,{}]} | event_ids[1],event_ids[2]",
        "{\"user_id\":\"u\",\"up_to\":\"1\",\"x\":[1],\"user_id\":\"v\"} | x,user_id"
    })
    void whenTheBodyIsWrongThenItsFieldsAreNamed(String body, String fields) {
        Answered answer = http.post("/messages/read", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(String.join(",", answer.texts("$.errors[*].field"))).isEqualTo(fields);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"user_id\":\"u\"", "{\"user_id\":\"u\",\"event_ids\":[\"1\"}"})
    void whenTheBodyIsNotJsonThenItIsMalformed(String body) {
        assertThat(http.post("/messages/read", body).problem()).isEqualTo("malformed-json");
    }

    @Test
    void whenTooManyAreMarkedAtOnceThenItIsRefused() {
        String ids = IntStream.range(0, 1_001).mapToObj(i -> "\"" + i + "\"").collect(Collectors.joining(","));
        assertThat(http.post("/messages/read", "{\"user_id\":\"u\",\"event_ids\":[" + ids + "]}").texts("$.errors[*].field"))
                .containsExactly("event_ids");
    }

    @Test
    void whenTheDatabaseIsAwayThenItSaysSo() {
        store.goAway();
        for (String path : List.of("/messages?user_id=u", "/messages/pending?user_id=u", "/messages/unread?user_id=u")) {
            Answered answer = http.get(path);
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.problem()).isEqualTo("store-unavailable");
            assertThat(answer.header("Retry-After")).isEqualTo("2");
        }
        assertThat(http.post("/messages/read", "{\"user_id\":\"u\",\"event_id\":\"1\"}").problem()).isEqualTo("store-unavailable");
    }

    @Test
    void whenRedisIsAwayThenListsAreAnsweredAndNothingIsMarked() {
        storeMany(1);
        journal.goAway();
        cache.goAway();
        assertThat(http.get("/messages?user_id=u").texts("$.data[*].event_id")).hasSize(1);
        assertThat(http.get("/messages/unread?user_id=u").text("$.data.unread")).isEqualTo("1");
        assertThat(http.post("/messages/read", "{\"user_id\":\"u\",\"event_id\":\"1\"}").problem()).isEqualTo("unavailable");
        assertThat(http.get("/messages/unread?user_id=u").text("$.data.unread")).isEqualTo("1");
    }

    private void storeMany(int count) {
        store(IntStream.range(0, count).mapToObj(i -> Events.toUser("u", FIRST + i)).toArray(Event[]::new));
    }

    private void store(Event... events) {
        journal.issue(events[events.length - 1].id()); // else it depends on the tests before
        assertThat(store.store(List.of(events))).hasSize(events.length);
    }

    private void predecessor(long id, String eventId, String data) {
        Event event = new Event(id, Target.user("u"), Priority.NORMAL, true, 0, "t", bytes(data));
        store.put(new StoredMessage(event, eventId, 0, Instant.EPOCH, null));
    }

    private static List<String> ids(int... offsets) {
        return IntStream.of(offsets).mapToObj(offset -> Long.toString(FIRST + offset)).toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
