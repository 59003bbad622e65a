package dev.ssecluster.proof;

import dev.ssecluster.event.Target;
import dev.ssecluster.test.DatabaseServer;
import dev.ssecluster.test.Delivery;
import dev.ssecluster.test.Ledger;
import dev.ssecluster.test.Message;
import dev.ssecluster.test.RedisMonitor;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.ResumingClient;
import dev.ssecluster.test.Sender;
import dev.ssecluster.test.TestServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A group's clients all come back at once, a hundred events behind. {@code loadtest/storm.sh} runs it with 5 000 of them. */
@Tag("proof")
class ReconnectStormIT {

    private static final Logger log = LoggerFactory.getLogger(ReconnectStormIT.class);
    private static final int CLIENTS = Integer.getInteger("sse.proof.storm.clients", 1_000);
    private static final int EVENTS = 100;
    private static final int NODES = 2;

    private final Random random = Seed.random();
    private final Audience audience = new Audience(random, 1, 2);
    private final RedisServer redis = TestServices.newRedis();
    private final DatabaseServer database = TestServices.newDatabase();
    private final Cluster cluster = Cluster.start(NODES, redis, database.database());
    private final List<Subject> subjects = new ArrayList<>();

    @AfterEach
    void stop() {
        Subject.close(subjects);
        cluster.close();
        database.close();
        redis.close();
    }

    @Test
    void whenAGroupComesBackAtOnceThenItsHistoryIsReadOncePerNodeAndTheDatabaseNever() {
        comeBack(audience.group(0), CLIENTS / 2); // nodes that serve so many are warm
        Subject.close(subjects);
        await().until(() -> cluster.streams() == 0);
        subjects.clear();
        try (RedisMonitor monitor = new RedisMonitor(redis)) {
            Storm storm = comeBack(audience.group(1), CLIENTS);
            assertThat(storm.time).isLessThan(Duration.ofSeconds(5));
            assertThat(storm.queries).as("but for the one of the test's own connection").isLessThanOrEqualTo(1);
            assertThat(monitor.reads("sse:{0}:hist:group:" + audience.group(1))).isBetween(1, NODES);
        }
    }

    /**
     * What it cost.
     *
     * @param time until all had everything
     * @param queries that the database answered meanwhile
     */
    private record Storm(Duration time, long queries) {}

    private Storm comeBack(String group, int clients) {
        Ledger ledger = new Ledger();
        List<String> cursors = cursorsFromBeforeTheEvents();
        send(ledger, group);
        long selects = database.database().status("Com_select");
        long start = System.nanoTime();
        for (int i = 0; i < clients; i++) {
            ResumingClient client = ResumingClient.resume(cluster.anyPort(random), "/stream?group=" + group, cursors.get(i % cursors.size()));
            subjects.add(new Subject("client " + i, client, Set.of(Target.group(group))));
        }
        awaitAllEvents();
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        selects = database.database().status("Com_select") - selects;
        log.info("{} clients caught up after {} ms, {} queries", clients, time.toMillis(), selects);
        Subject.awaitExactly(Delivery.complete(ledger), subjects);
        return new Storm(time, selects);
    }

    private void awaitAllEvents() {
        int[] caughtUp = {0}; // those before it have all
        await().atMost(60, TimeUnit.SECONDS).pollInterval(Duration.ofMillis(10)).until(() -> {
            while (caughtUp[0] < subjects.size() && subjects.get(caughtUp[0]).client().received().size() > EVENTS) {
                caughtUp[0]++;
            }
            return caughtUp[0] == subjects.size();
        });
    }

    /** As clients have them that were not all cut off in the same moment: events of others lie between. */
    private List<String> cursorsFromBeforeTheEvents() {
        Ledger others = new Ledger();
        Sender sender = new Sender(others, cluster.anyPort(random));
        for (int i = 0; i < 5; i++) {
            sender.send(Message.of(EVENTS + i, Target.user("storm-watcher"), false));
        }
        return others.accepted().stream().map(line -> Long.toString(line.id())).toList();
    }

    private void send(Ledger ledger, String group) {
        Sender sender = new Sender(ledger, cluster.anyPort(random));
        for (int number = 0; number < EVENTS; number++) {
            assertThat(sender.send(Message.of(number, Target.group(group), number % 2 == 0)).isAccepted()).isTrue();
        }
    }
}
