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
    private final String group = "storm-" + Long.toUnsignedString(random.nextLong(), 36);
    private final RedisServer redis = TestServices.newRedis();
    private final DatabaseServer database = TestServices.newDatabase();
    private final Cluster cluster = Cluster.start(NODES, redis, database.database());
    private final Ledger ledger = new Ledger();
    private final List<Subject> subjects = new ArrayList<>();

    @AfterEach
    void stop() {
        Subject.close(subjects);
        cluster.close();
        database.close();
        redis.close();
    }

    private ResumingClient resume(String cursor) {
        return ResumingClient.resume(cluster.anyPort(random), "/stream?group=" + group, cursor);
    }

    @Test
    void whenAGroupComesBackAtOnceThenItsHistoryIsReadOncePerNodeAndTheDatabaseNever() {
        List<String> cursors = cursorsFromBeforeTheEvents();
        send();
        long own = -selects() + selects(); // what it costs to ask
        long before = selects();
        try (RedisMonitor monitor = new RedisMonitor(redis)) {
            long start = System.nanoTime();
            for (int i = 0; i < CLIENTS; i++) {
                subjects.add(new Subject("client " + i, resume(cursors.get(i % cursors.size())), Set.of(Target.group(group))));
            }
            awaitAllEvents();
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            log.info("{} clients caught up after {} ms", CLIENTS, time.toMillis());
            assertThat(time).isLessThan(Duration.ofSeconds(5));
            assertThat(monitor.reads("sse:{0}:hist:group:" + group)).isBetween(1, NODES);
        }
        assertThat(selects() - before - own).as("queries of the nodes").isZero();
        Subject.awaitExactly(Delivery.complete(ledger), subjects);
    }

    private long selects() {
        return database.database().status("Com_select");
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

    private void send() {
        Sender sender = new Sender(ledger, cluster.anyPort(random));
        for (int number = 0; number < EVENTS; number++) {
            assertThat(sender.send(Message.of(number, Target.group(group), number % 2 == 0)).isAccepted()).isTrue();
        }
    }
}
