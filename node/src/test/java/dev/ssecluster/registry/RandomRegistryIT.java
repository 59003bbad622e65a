package dev.ssecluster.registry;

import dev.ssecluster.backplane.Leases.Connection;
import dev.ssecluster.backplane.Leases.Node;
import dev.ssecluster.stream.StreamInfo;
import dev.ssecluster.test.RedisConsole;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.TestServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Streams come and go at random while nodes crash, stop, join and lose their leases: in the end what Redis says is what there is. */
@Execution(ExecutionMode.CONCURRENT)
class RandomRegistryIT {

    private static final Logger log = LoggerFactory.getLogger(RandomRegistryIT.class);

    private static final int USERS = 30;
    private static final int STEPS = 3_000;

    private final RedisServer redis = TestServices.newRedis();
    private final TestMember witness = new TestMember(redis);
    private final List<TestMember> members = new ArrayList<>();
    private final Map<StreamInfo, TestMember> open = new HashMap<>();
    private final List<StreamInfo> order = new ArrayList<>();

    @AfterEach
    void close() {
        members.forEach(TestMember::close);
        witness.close();
        redis.close();
    }

    @Test
    void whenAllKindsOfThingsHappenThenTheRegistrySaysInTheEndWhatIsTrue() {
        long seed = Long.getLong("sse.proof.seed", ThreadLocalRandom.current().nextLong());
        log.info("seed {}", seed);
        Random random = new Random(seed);
        witness.backplane.follow(users());
        IntStream.range(0, 3).forEach(_ -> members.add(new TestMember(redis)));
        for (int step = 0; step < STEPS; step++) {
            step(random);
            if (step % 300 == 299) {
                disturb(random);
            }
        }
        await().atMost(Duration.ofSeconds(20)).untilAsserted(this::assertTrue);
        assertThat(witness.backplane.heard()).as("announcements").hasSizeGreaterThan(USERS);
    }

    private void step(Random random) {
        if (order.isEmpty() || random.nextInt(40) > order.size() % 40) {
            TestMember member = members.get(random.nextInt(members.size()));
            StreamInfo stream = TestMember.stream("u" + random.nextInt(USERS), "g" + random.nextInt(5));
            open.put(stream, member);
            order.add(stream);
            var _ = member.opening(stream);
        } else {
            StreamInfo stream = order.remove(random.nextInt(order.size()));
            Objects.requireNonNull(open.remove(stream)).shut(stream);
        }
        if (random.nextInt(20) == 0) {
            await().pollDelay(Duration.ofMillis(random.nextInt(20))).until(() -> true);
        }
    }

    private void disturb(Random random) {
        int index = random.nextInt(members.size());
        switch (random.nextInt(4)) {
            case 0 -> replace(index, TestMember::crash);
            case 1 -> replace(index, TestMember::close); // with streams left, as if its shards had not answered
            case 2 -> {
                try (RedisConsole console = new RedisConsole(redis)) {
                    console.loseNodes();
                }
            }
            default -> members.add(new TestMember(redis));
        }
    }

    private void replace(int index, Consumer<TestMember> end) {
        TestMember ended = members.remove(index);
        end.accept(ended);
        open.values().removeIf(ended::equals);
        order.retainAll(open.keySet());
        members.add(new TestMember(redis));
    }

    private void assertTrue() {
        Map<String, Set<String>> expected = open.keySet().stream().collect(Collectors.groupingBy(
                stream -> String.valueOf(stream.userId()), Collectors.mapping(StreamInfo::connectionId, Collectors.toSet())));
        Map<String, Set<String>> found = new HashMap<>();
        for (String user : users()) {
            Set<String> connections = witness.leases().user(user).join().connections().stream()
                    .map(Connection::connection).collect(Collectors.toSet());
            if (!connections.isEmpty()) {
                found.put(user, connections);
            }
        }
        assertThat(found).isEqualTo(expected);
        var nodes = witness.leases().nodes().join();
        assertThat(nodes.nodes()).extracting(Node::node).containsExactlyInAnyOrderElementsOf(Stream.concat(
                members.stream(), Stream.of(witness)).map(member -> member.backplane.id().value()).toList());
        assertThat(nodes.users()).isEqualTo(expected.size());
        assertThat(nodes.groups()).isEqualTo(
                open.keySet().stream().flatMap(stream -> stream.groups().stream()).distinct().count());
        assertThat(RegistryViews.of(nodes).totals().streams()).isEqualTo(open.size());
        assertThat(online()).isEqualTo(expected.keySet());
    }

    /** Users of whom it was said last that they are online. Nothing is said twice. */
    private Set<String> online() {
        Set<String> online = new HashSet<>();
        for (String event : witness.backplane.heard()) {
            String user = event.replaceFirst(".*\"user_id\":\"(\\w+)\".*", "$1");
            boolean changed = event.contains("\"online\"") ? online.add(user) : online.remove(user);
            assertThat(changed).as("%s", event).isTrue();
        }
        return online;
    }

    private static List<String> users() {
        return IntStream.range(0, USERS).mapToObj(i -> "u" + i).toList();
    }
}
