package dev.ssecluster.clients;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** One client with a user, a balancer and a stream of its own. One thread uses it. */
final class Trial implements AutoCloseable {

    /** Longer than any client needs that does the thing at all. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Api api;
    private final String user;
    private final Balancer balancer;
    private final Subject subject;
    private final Runnable disaster;
    private final Diary diary = new Diary();
    private final AtomicInteger sent = new AtomicInteger();
    private Runnable close = () -> { };

    /**
     * @param user the user and client id, of nobody else
     * @param disaster what befalls the node of all trials at once; blocks until it does
     */
    Trial(Api api, String user, Balancer balancer, Subject subject, Runnable disaster) {
        this.api = api;
        this.user = user;
        this.balancer = balancer;
        this.subject = subject;
        this.disaster = disaster;
    }

    /** Opens the stream and waits for its first event and two more. */
    Visit open(String query) {
        close = subject.open(balancer.uri("/api/v1/sse/stream/" + user + "/" + user + query), diary);
        until("is connected", () -> diary.knows("connected"));
        send(2);
        arrivesOnce();
        return visit(0);
    }

    String user() {
        return user;
    }

    Diary diary() {
        return diary;
    }

    Balancer balancer() {
        return balancer;
    }

    Visit visit(int index) {
        return balancer.visits().get(index);
    }

    /** Waits until the client has asked so often. */
    Visit visited(int times) {
        await("comes for the " + times + ". time")
                .pollInSameThread().atMost(PATIENCE).pollInterval(Duration.ofMillis(50))
                .failFast(() -> !diary.ends().isEmpty() && balancer.visits().size() < times)
                .until(() -> balancer.visits().size() >= times);
        return visit(times - 1);
    }

    /** Calls another node than the one with the stream. */
    void post(String path, String json) {
        api.post(balancer.visits().getLast().node() + 1, path, json);
    }

    /** Sends the next numbers to the user. */
    void send(int count) {
        for (int i = 0; i < count; i++) {
            int number = sent.incrementAndGet();
            post("/send", "{\"user_id\":\"%s\",\"event_type\":\"%s\",\"data\":%d}".formatted(user, Diary.NUMBER, number));
        }
    }

    /** Sends a number about every tenth of a second, and does that in the midst of it. */
    void sendAround(Runnable event) {
        sendFor(Duration.ofMillis(500));
        event.run();
        sendFor(Duration.ofMillis(2500));
    }

    private void sendFor(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            send(1);
            pause(Duration.ofMillis(100));
        }
    }

    /** The client comes back, on another node, and has got every number once and in order. */
    void comesBackWithEverything() {
        visited(2);
        arrivesOnce();
        assertThat(balancer.visits().getLast().node()).as("another node").isNotEqualTo(visit(0).node());
    }

    /** Each number that was sent arrives, once, in order. */
    void arrivesOnce() {
        List<String> expected = IntStream.rangeClosed(1, sent.get()).mapToObj(Integer::toString).toList();
        until("has got " + sent, () -> diary.numbers().size() >= expected.size());
        assertThat(diary.numbers()).as("each number once, in order").isEqualTo(expected);
        assertThat(diary.events("sse.reset")).as("resets").isEmpty();
    }

    /** It does not ask any more, and its application knows. */
    void staysAway() {
        pause(Duration.ofSeconds(3)); // it may ask once more, to learn the reason
        int before = balancer.visits().size();
        pause(Duration.ofSeconds(4));
        assertThat(balancer.visits()).as("asks no more").hasSize(before);
        until("tells that it has given up", () -> !diary.ends().isEmpty());
    }

    void disaster() {
        disaster.run();
    }

    void until(String what, Callable<Boolean> condition) {
        await(what).pollInSameThread().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(condition);
    }

    /** Lets time pass in which something must not happen. */
    void pause(Duration time) {
        await().pollInSameThread().pollDelay(time).atMost(time.plusSeconds(5)).until(() -> true);
    }

    @Override
    public void close() {
        close.run();
        balancer.close();
    }

    @Override
    public String toString() {
        return "visits " + balancer.visits() + ", gave up " + diary.ends() + ", numbers " + diary.numbers() + " of " + sent
                + ", types " + diary.events().stream().map(Diary.Told::type).distinct().toList();
    }
}
