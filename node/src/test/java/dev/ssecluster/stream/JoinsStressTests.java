package dev.ssecluster.stream;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.metric.MeterNames;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Users' streams open, are held, join and leave groups, are settled and end, while events flow, and at last are drained or closed.
 * Each stream must get, once and by priority in ascending order, what its topics were sent while it was their member.
 */
class JoinsStressTests {

    private static final Logger log = LoggerFactory.getLogger(JoinsStressTests.class);
    private static final StreamProperties PROPERTIES = new StreamProperties(Duration.ofMillis(300), Duration.ofSeconds(90),
            Duration.ofMinutes(10), DataSize.ofMegabytes(512), 100_000, 100, Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(5),
            3, 100, DataSize.ofKilobytes(64));
    private static final int USERS = 6;
    private static final int GROUPS = 4;
    private static final int STREAMS_EACH = 60;
    private static final int CHANGES_EACH = 60;
    private static final List<String> TYPES = List.of("a", "b", "c");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Streams streams = new Streams(PROPERTIES, () -> 1, registry);
    private final Joins joins = new Joins(streams);
    private final FakeNode node = new FakeNode(streams);
    private final Map<Stream, FollowedStream> subjects = new ConcurrentHashMap<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final ExecutorService completers = Executors.newFixedThreadPool(2);
    private final Object[] users = new Object[USERS]; // one at a time changes what a user follows
    private volatile boolean publishing = true;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whenStreamsFollowAndLeaveGroupsUnderLoadThenNothingIsLostOrComesTwice(boolean drained) throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        log.info("seed {}", seed);
        streams.onClosed(stream -> node.release(stream.targets()));
        Arrays.setAll(users, _ -> new Object());
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            Future<?> publisher = threads.submit(() -> publish(new Random(seed)));
            List<Future<?>> others = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                int user = i;
                others.add(threads.submit(() -> open(user, new Random(seed + 1 + user))));
                others.add(threads.submit(() -> change(user, new Random(seed + 100 + user))));
                others.add(threads.submit(() -> change(user, new Random(seed + 200 + user))));
            }
            for (Future<?> each : others) {
                each.get(60, TimeUnit.SECONDS);
            }
            if (drained) {
                new Drain(streams, Duration.ofSeconds(1)).run();
            }
            publishing = false;
            publisher.get();
        } finally {
            threads.shutdownNow();
        }
        finish();
        checkNothingIsLeft();
        assertThat(violations).isEmpty();
        List<Event> all = all();
        subjects.values().forEach(subject -> subject.check(all));
    }

    private List<Event> all() {
        return node.read(allTargets(), 0, node.fence());
    }

    /** Streams that nobody has ended get everything; then they are closed, and counted. */
    private void finish() throws InterruptedException {
        node.probe();
        List<Event> all = all();
        subjects.values().stream().filter(subject -> !subject.sink.ending && !subject.sink.isClosed())
                .forEach(subject -> await().pollDelay(Duration.ZERO).untilAsserted(() -> subject.checkComplete(all)));
        int left = streams.count();
        assertThat(streams.closeAll(Target.BROADCAST, CloseReason.DISCONNECTED, streams.retry()).join()).isEqualTo(left);
        assertThat(streams.count()).isZero();
        node.end();
        streams.stop();
        completers.close();
    }

    private void checkNothingIsLeft() {
        log.info("{} streams, {} deliveries", subjects.size(), subjects.values().stream().mapToInt(subject -> subject.sink.received()).sum());
        assertThat(node.channels()).isEmpty();
        assertThat(Target.Kind.values()).allMatch(kind -> streams.count(kind) == 0);
        assertThat(registry.get(MeterNames.STREAMS_UNSETTLED).counter().count()).isZero();
        assertThat(subjects.values().stream().mapToInt(subject -> subject.memberships()).sum())
                .as("memberships").isGreaterThan(3 * subjects.size() + 100);
    }

    private void publish(Random random) {
        for (int sent = 0; publishing; sent++) {
            node.publish(target(random), random.nextInt(3), TYPES.get(random.nextInt(TYPES.size())));
            if (sent % 5 == 0) {
                node.probe();
                LockSupport.parkNanos(500_000); // lets the shards keep up
            }
        }
    }

    private static Target target(Random random) {
        int choice = random.nextInt(USERS + GROUPS + 1);
        if (choice < USERS) {
            return user(choice);
        }
        return choice < USERS + GROUPS ? group(choice - USERS) : Target.BROADCAST;
    }

    private static Target user(int user) {
        return Target.user("u" + user);
    }

    private static Target group(int group) {
        return Target.group("g" + group);
    }

    private void open(int user, Random random) {
        List<Stream> open = new ArrayList<>();
        for (int i = 0; i < STREAMS_EACH; i++) {
            open.add(open(user, i, random));
            LockSupport.parkNanos(random.nextInt(10_000_000)); // lets some live a little
            while (open.size() > 4) {
                end(open.remove(random.nextInt(open.size())), random);
            }
        }
    }

    private void end(Stream stream, Random random) {
        Objects.requireNonNull(subjects.get(stream)).sink.ending = true;
        switch (random.nextInt(3)) {
            case 0 -> stream.onClosed();
            case 1 -> streams.abandon(stream);
            default -> streams.sendAway(stream, CloseReason.LIFETIME, 1);
        }
    }

    /** Attaches a stream as the node does; sometimes it joins a group that its replay then has, too. */
    private Stream open(int user, int number, Random random) {
        List<Target> named = List.of(user(user), Target.client(user + "-" + number), Target.BROADCAST);
        node.acquire(named);
        Stream stream = streams.register(RunningStreams.options(named, 1, false)).orElseThrow();
        List<Target> replayed = new ArrayList<>(named);
        Set<String> types = types(random);
        if (random.nextInt(3) == 0) {
            Target group = group(random.nextInt(GROUPS));
            replayed.add(group);
            node.acquire(List.of(group));
            assertThat(joins.join(stream, group, types).join()).isTrue();
        }
        LockSupport.parkNanos(random.nextInt(2_000_000)); // lets holds come before it begins
        long fence = node.fence();
        long cursor = Math.max(1_000, fence - random.nextInt(100));
        RandomSink sink = new RandomSink(stream, random.nextLong(), completers, violations);
        FollowedStream subject = new FollowedStream(sink, fence);
        replayed.forEach(target -> subject.begins(target, named.contains(target) ? Set.of() : types, cursor));
        subjects.put(stream, subject);
        streams.begin(stream, Cursor.at(cursor), Cursor.at(cursor), fence);
        stream.shard().post(owner -> owner.open(stream, sink));
        var _ = streams.replay(stream, node.read(replayed, cursor, fence)).thenRun(() -> streams.goLive(stream));
        return stream;
    }

    private static Set<String> types(Random random) {
        Set<String> types = new HashSet<>(TYPES);
        types.removeIf(_ -> random.nextInt(3) == 0);
        return random.nextBoolean() ? Set.of() : types;
    }

    /** As a subscription does: asked in order with the events, then one at a time for each user. */
    private void change(int user, Random random) {
        for (int i = 0; i < CHANGES_EACH; i++) {
            List<CompletableFuture<List<Hold>>> held = new ArrayList<>();
            long point = node.ask(_ -> held.add(joins.hold(user(user).name()))).join();
            synchronized (users[user]) {
                List<Hold> holds = held.getFirst().join();
                boolean joining = random.nextInt(5) > 1;
                Target group = group(random.nextInt(GROUPS));
                Set<String> types = types(random);
                holds.forEach(hold -> change(hold, group, types, joining, point, random));
            }
        }
    }

    private void change(Hold hold, Target group, Set<String> types, boolean joining, long point, Random random) {
        List<Event> missed = List.of();
        FollowedStream subject = subjects.get(hold.stream());
        if (subject == null) {
            return; // it has just ended
        }
        if (joining && !hold.stream().joined().contains(group.name())) {
            node.acquire(List.of(group));
            CompletableFuture<Boolean> joined = joins.join(hold.stream(), group, types);
            LockSupport.parkNanos(random.nextInt(1_000_000));
            missed = node.read(List.of(group), point, node.fence());
            if (joined.join()) {
                subject.begins(group, types, Math.max(point, subject.fence));
            } else {
                node.release(List.of(group));
            }
        } else if (!joining && joins.leave(hold.stream(), group).join()) {
            subject.ends(group, point, node.fence());
            node.release(List.of(group));
        }
        joins.settle(hold, missed);
        if (random.nextInt(4) == 0) {
            joins.settle(hold, missed); // twice is as once
        }
    }

    private static Set<Target> allTargets() {
        Set<Target> targets = new HashSet<>(Set.of(Target.BROADCAST));
        for (int i = 0; i < Math.max(USERS, GROUPS); i++) {
            targets.add(user(i));
            targets.add(group(i));
        }
        return targets;
    }
}
