package dev.ssecluster.clients;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import static org.assertj.core.api.Assertions.assertThat;

/** What a client should do; each with a stream of its own. */
enum Check {

    EVENTS("gets what is sent through another node to its user, its client id, its group and everyone", Check::events),
    QUIET("a quiet stream stays open, and heartbeats are not taken for events", Check::quiet),
    HELD("stays connected while nothing comes for 7 s (by default a node is quiet for up to 30 s)", Check::held),
    HEARTBEAT_EVENTS("sees `sse.heartbeat` with `heartbeat=event`", Check::heartbeatEvents),
    HEARTBEAT_IDS("resumes behind the last heartbeat", Check::heartbeatIds),
    CUT("resumes when its connection is cut", trial -> {
        Visit visit = trial.open("");
        trial.sendAround(visit::cut);
        trial.comesBackWithEverything();
    }),
    TORN("resumes when its connection ends in the middle of an event", Check::torn),
    KILLED("resumes when its node is killed", trial -> {
        trial.open("");
        trial.sendAround(trial::disaster);
        trial.comesBackWithEverything();
    }),
    DRAINED("resumes when its node is drained", trial -> {
        trial.open("");
        trial.sendAround(trial::disaster);
        trial.comesBackWithEverything();
    }),
    UNREACHABLE("resumes when no node could be reached for 6 s", Check::unreachable),
    SILENT("notices that its connection has fallen silent, and resumes", Check::silent),
    DISCONNECTED("tells of `sse.goaway`, and comes back when it was disconnected", Check::disconnected),
    RETRY("waits as long as `retry:` says", Check::retry),
    BLOCKED("comes back when a block is over", Check::blocked),
    FINAL("204, after a `final` disconnect: stays away and tells", trial -> {
        trial.open("");
        trial.post("/users/" + trial.user() + "/disconnect", "{\"final\":true}");
        trial.visited(2);
        trial.staysAway();
    }),
    UNAUTHORIZED("401: stays away and tells", trial -> {
        refuse(trial, Answers.UNAUTHORIZED);
        trial.visited(2);
        trial.staysAway();
    }),
    UNAVAILABLE("503: comes back", trial -> {
        refuse(trial, Answers.UNAVAILABLE);
        returnsAfterRefusal(trial);
    }),
    RETRY_AFTER("503: waits as long as `Retry-After` says", trial -> {
        refuse(trial, Answers.UNAVAILABLE);
        returnsAfterRefusal(trial);
        Duration waited = trial.balancer().visits().getLast().since(trial.visit(1));
        assertThat(waited).isBetween(Answers.RETRY_AFTER.minusMillis(100), Answers.RETRY_AFTER.plusMillis(1900));
    });

    private static final List<String> EXPECTED = List.of("connected", Diary.NUMBER, "everyone", "sse.heartbeat");

    private final String words;
    @SuppressWarnings("ImmutableEnumChecker") // they are methods
    private final Consumer<Trial> scenario;

    Check(String words, Consumer<Trial> scenario) {
        this.words = words;
        this.scenario = scenario;
    }

    /** What the table calls it. */
    String words() {
        return words;
    }

    /** Throws an error if the client does not do it. */
    void run(Trial trial) {
        scenario.accept(trial);
    }

    private static void events(Trial trial) {
        trial.open("");
        String user = trial.user();
        String data = "{\"text\":\"Grüße: 世界 😀\\u0020\\n\",\"number\":1.50,\"from\":\"" + user + "\"}";
        String rest = "\"data\":" + data + "}";
        trial.post("/send", "{\"user_id\":\"" + user + "\",\"event_type\":\"to.user\"," + rest);
        trial.post("/send", "{\"client_id\":\"" + user + "\",\"event_type\":\"to.client\"," + rest);
        trial.post("/send/group", "{\"group\":\"" + user + "\",\"event_type\":\"to.group\"," + rest);
        trial.post("/broadcast", "{\"event_type\":\"everyone\"," + rest);
        for (String type : List.of("to.user", "to.client", "to.group", "everyone")) {
            trial.until("gets " + type, () -> trial.diary().events(type).stream().anyMatch(event -> data.equals(event.data())));
        }
        assertThat(trial.diary().events(Diary.NUMBER)).as("ids").allMatch(event -> event.id() != null && !event.id().isEmpty());
    }

    private static void quiet(Trial trial) {
        awaitHeartbeats(trial);
        trial.send(1);
        trial.arrivesOnce();
        assertThat(trial.balancer().visits()).as("the same connection").hasSize(1);
        assertThat(trial.diary().besides(EXPECTED)).as("told beside events").isEmpty();
    }

    private static void held(Trial trial) {
        Visit visit = trial.open("");
        visit.hold();
        trial.pause(Duration.ofSeconds(7));
        visit.release();
        trial.send(1);
        trial.arrivesOnce();
        assertThat(trial.balancer().visits()).as("the same connection").hasSize(1);
    }

    private static Visit awaitHeartbeats(Trial trial) {
        Visit visit = trial.open("");
        trial.until("two heartbeats", () -> visit.transcript().heartbeats() >= 2);
        return visit;
    }

    private static void heartbeatEvents(Trial trial) {
        trial.open("?heartbeat=event");
        trial.until("two heartbeats", () -> trial.diary().events("sse.heartbeat").size() >= 2);
    }

    private static void heartbeatIds(Trial trial) {
        Visit visit = awaitHeartbeats(trial);
        visit.cut();
        assertThat(trial.visited(2).cursor()).hasValue(visit.transcript().lastId());
    }

    private static void torn(Trial trial) {
        Visit visit = trial.open("");
        visit.tearBehind("first half");
        trial.post("/send", "{\"user_id\":\"" + trial.user() + "\",\"event_type\":\"to.user\",\"data\":\"first half second half\"}");
        trial.send(2);
        trial.visited(2);
        trial.arrivesOnce();
        assertThat(trial.diary().events("to.user")).extracting(Diary.Told::data).containsExactly("\"first half second half\"");
    }

    private static void unreachable(Trial trial) {
        Visit visit = trial.open("");
        trial.balancer().unreachable(true);
        visit.cut();
        trial.send(2);
        trial.pause(Duration.ofSeconds(6)); // longer than retry: it tries in vain
        trial.balancer().unreachable(false);
        trial.comesBackWithEverything();
    }

    private static void silent(Trial trial) {
        trial.open("").silence();
        trial.send(2);
        trial.comesBackWithEverything();
    }

    private static void disconnected(Trial trial) {
        trial.open("");
        trial.post("/disconnect/" + trial.user(), "{}");
        trial.send(2);
        trial.comesBackWithEverything();
        trial.until("tells of the goaway", () -> trial.diary().knows("sse.goaway"));
    }

    private static void retry(Trial trial) {
        trial.open("");
        for (int times = 1; times <= 3; times++) { // not only by chance
            Visit visit = trial.visit(times - 1);
            trial.post("/disconnect/" + trial.user(), "{}");
            Duration waited = trial.visited(times + 1).since(visit);
            Duration retry = Duration.ofMillis(visit.transcript().retryMillis());
            assertThat(waited).isBetween(retry.minusMillis(50), retry.plusSeconds(5));
            trial.send(1);
            trial.arrivesOnce();
        }
    }

    private static void blocked(Trial trial) {
        Visit visit = trial.open("");
        trial.post("/users/" + trial.user() + "/disconnect", "{\"block_seconds\":3}");
        trial.send(2);
        trial.comesBackWithEverything();
        assertThat(trial.balancer().visits().getLast().since(visit)).isGreaterThan(Duration.ofMillis(2900));
    }

    private static void refuse(Trial trial, String answer) {
        Visit visit = trial.open("");
        trial.balancer().answer(answer);
        visit.cut();
        trial.send(2);
    }

    private static void returnsAfterRefusal(Trial trial) {
        trial.visited(2);
        trial.pause(Duration.ofSeconds(1)); // some ask once more, to learn the reason
        trial.balancer().answer(null);
        trial.visited(3);
        trial.comesBackWithEverything();
    }
}
