package dev.ssecluster.registry;

import dev.ssecluster.backplane.Leases.Connection;
import dev.ssecluster.backplane.Leases.Node;
import dev.ssecluster.backplane.Leases.Nodes;
import dev.ssecluster.backplane.Leases.UserLeases;
import dev.ssecluster.backplane.NodeProperties;
import dev.ssecluster.event.Target;
import dev.ssecluster.metric.MeterNames;
import dev.ssecluster.model.ClusterInfo;
import dev.ssecluster.stream.StreamInfo;
import dev.ssecluster.test.RedisConsole;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.TestServices;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.ssecluster.registry.TestMember.admitted;
import static dev.ssecluster.registry.TestMember.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Registries of several nodes on a real Redis. */
class RegistryIT {

    private static final RedisServer REDIS = TestServices.newPersistentRedis();

    private final TestMember a = new TestMember(REDIS);
    private final TestMember b = new TestMember(REDIS);

    @BeforeEach
    void awaitBoth() {
        await().until(() -> nodes().nodes().size() == 2);
    }

    @AfterEach
    void close() {
        a.close();
        b.close();
        try (RedisConsole console = new RedisConsole(REDIS)) {
            console.flush();
        }
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    @Test
    void whenStreamsOpenAndCloseThenAllNodesKnowThem() {
        StreamInfo first = a.open("u", "g", "h");
        StreamInfo second = b.open("u", "g");
        a.open(null, "g");
        assertThat(connections("u")).containsExactlyInAnyOrder(first.connectionId(), second.connectionId());
        await().untilAsserted(() -> assertThat(info().totals()).isEqualTo(new ClusterInfo.Totals(2, 3, 1, 2L)));
        assertThat(RegistryViews.of("u", user("u")).connections()).hasSize(2)
                .allSatisfy(connection -> assertThat(connection.groups()).contains("g"));
        a.shut(first);
        await().untilAsserted(() -> assertThat(connections("u")).containsExactly(second.connectionId()));
        await().untilAsserted(() -> assertThat(info().totals()).isEqualTo(new ClusterInfo.Totals(2, 2, 1, 1L)));
    }

    @Test
    void whenAStreamClosesBeforeItArrivesThenItNeverDoes() {
        StreamInfo stream = stream("u");
        a.streams.add(stream, opened -> ((LeaseRegistry) a.registry()).expect(opened.connectionId()));
        a.shut(stream);
        assertThat(admitted(a.registry().arrive(stream))).isEqualTo(new Admission(null, 0));
        assertThat(connections("u")).isEmpty();
    }

    @Test
    void whenStreamsCloseWhileTheyArriveThenNothingStays() {
        List<CompletableFuture<Admission>> arrivals = IntStream.range(0, 1_000).mapToObj(i -> {
            StreamInfo stream = stream("u" + i % 10);
            CompletableFuture<Admission> arrival = a.opening(stream);
            a.shut(stream);
            return arrival;
        }).toList();
        arrivals.forEach(TestMember::admitted);
        await().untilAsserted(() -> assertThat(IntStream.range(0, 10).mapToObj(i -> connections("u" + i))).allMatch(List::isEmpty));
    }

    @Test
    void whenAUserIsBlockedThenItsStreamsLearnSoOnEveryNode() {
        a.registry().block(Target.user("u"), Duration.ofSeconds(60), true).join();
        Admission admission = admitted(b.opening(stream("u")));
        assertThat(admission.block()).isNotNull().satisfies(block -> {
            assertThat(block.isFinal()).isTrue();
            assertThat(block.rest()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
        });
        assertThat(connections("u")).isEmpty();
        assertThat(admitted(b.opening(stream("v")))).isEqualTo(new Admission(null, 1));
    }

    @Test
    void whenAPageIsLoadedAnewThenNobodyHearsOfIt() {
        b.backplane.follow(List.of("u"));
        StreamInfo page = a.open("u");
        await().untilAsserted(() -> assertThat(b.backplane.heard()).containsExactly(heard("online")));
        a.shut(page);
        await().pollDelay(Duration.ofMillis(300)).until(() -> true);
        page = b.open("u");
        await().pollDelay(Duration.ofMillis(1_900)).until(() -> true); // the grace and a sweep
        assertThat(b.backplane.heard()).containsExactly(heard("online"));
        b.shut(page);
        await().untilAsserted(() -> assertThat(b.backplane.heard()).containsExactly(heard("online"), heard("offline")));
    }

    @Test
    void whenANodeCrashesThenItsStreamsAreGoneSoon() {
        TestMember dead = new TestMember(REDIS);
        b.backplane.follow(List.of("u", "v"));
        dead.open("u", "g");
        dead.open("v", "g");
        StreamInfo other = a.open("v");
        await().until(() -> b.backplane.heard().size() == 2 && info().totals().nodes() == 3);
        dead.crash();
        await().untilAsserted(() -> assertThat(info().totals()).isEqualTo(new ClusterInfo.Totals(2, 1, 1, 0L)));
        assertThat(connections("u")).isEmpty();
        assertThat(connections("v")).containsExactly(other.connectionId());
        await().untilAsserted(() -> assertThat(b.backplane.heard()).hasSize(3).contains(heard("offline")));
        assertThat(a.counter(MeterNames.REGISTRY_REMOVED) + b.counter(MeterNames.REGISTRY_REMOVED)).isEqualTo(2);
    }

    @Test
    void whenANodesLeaseIsLostThenItWritesAllItsStreamsAgain() {
        List<StreamInfo> streams = IntStream.range(0, 500).mapToObj(i -> a.open("u" + i % 100)).toList();
        try (RedisConsole console = new RedisConsole(REDIS)) {
            console.flush();
        }
        awaitAllOf(streams);
        assertThat(a.counter(MeterNames.REGISTRY_RESTORED)).isPositive();
        await().untilAsserted(() -> assertThat(info().totals()).isEqualTo(new ClusterInfo.Totals(2, 500, 100, 0L)));
    }

    @Test
    void whenStreamsCannotBeWrittenAgainThenItIsTriedAgainSoon() {
        List<StreamInfo> streams = IntStream.range(0, 500).mapToObj(i -> a.open("u" + i % 100)).toList();
        a.leases.failures().set(3);
        try (RedisConsole console = new RedisConsole(REDIS)) {
            console.flush();
        }
        awaitAllOf(streams);
        assertThat(a.leases.failures()).hasValue(0);
    }

    @Test
    void whenRedisLosesADepartureAndRestartsThenTheStreamIsGoneAndTheNodeThereOnce() {
        StreamInfo gone = a.open("u");
        StreamInfo open = a.open("u");
        a.streams.remove(gone, _ -> {}); // as if the copy was older
        assertThat(connections("u")).hasSize(2);
        REDIS.kill();
        REDIS.restart();
        await().ignoreExceptions().untilAsserted(() -> assertThat(connections("u")).containsExactly(open.connectionId()));
        await().untilAsserted(() -> assertThat(nodes().nodes()).extracting(Node::node).containsExactlyInAnyOrder(
                a.backplane.id().value(), b.backplane.id().value()));
    }

    @Test
    void whenANodeHasManyGroupsThenAllAreToldWithoutWaitingForTheNextRenewal() {
        TestStreams many = new TestStreams();
        many.add(stream(null, IntStream.range(0, 5_000).mapToObj(i -> "g" + i).toArray(String[]::new)), _ -> {});
        NodeProperties rare = new NodeProperties(Duration.ofMinutes(2), Duration.ofMinutes(1), null);
        try (TestMember _ = new TestMember(REDIS, rare, Duration.ofMinutes(1), many)) {
            await().untilAsserted(() -> assertThat(nodes().groups()).isEqualTo(5_000));
        }
    }

    @Test
    void whenRedisRestartsWithoutItsDataThenAllIsWrittenAgain() {
        restart(REDIS::restartEmpty);
    }

    @Test
    void whenRedisIsAwayForLongerThanALeaseThenNobodyGoesOffline() {
        b.backplane.follow(List.of("u0"));
        restart(() -> {
            REDIS.kill();
            await().pollDelay(Duration.ofMillis(3_200)).until(() -> true);
            REDIS.restart();
        });
        await().pollDelay(Duration.ofMillis(1_900)).until(() -> true);
        assertThat(b.backplane.heard()).containsExactly("user_status {\"user_id\":\"u0\",\"status\":\"online\"}");
    }

    private void restart(Runnable redis) {
        List<StreamInfo> streams = IntStream.range(0, 200).mapToObj(i -> a.open("u" + i % 50, "g")).toList();
        await().until(() -> info().totals().users() == 50);
        redis.run();
        a.shut(streams.getFirst()); // while Redis is away, or just after
        awaitAllOf(streams.subList(1, 200));
        await().untilAsserted(() -> assertThat(info().totals()).isEqualTo(new ClusterInfo.Totals(2, 199, 50, 1L)));
    }

    @Test
    void whenADepartureCannotBeWrittenThenItIsWrittenLater() {
        StreamInfo stream = a.open("u");
        REDIS.kill();
        a.shut(stream);
        await().until(() -> a.meters.get(MeterNames.REGISTRY_DEPARTURES).gauge().value() == 1);
        REDIS.restart();
        await().ignoreExceptions().untilAsserted(() -> assertThat(connections("u")).isEmpty());
        await().until(() -> a.meters.get(MeterNames.REGISTRY_DEPARTURES).gauge().value() == 0);
    }

    @Test
    void whenANodeStopsThenNothingOfItStays() {
        TestMember stopping = new TestMember(REDIS);
        StreamInfo stream = stopping.open("u", "g");
        await().until(() -> info().totals().streams() == 1);
        stopping.shut(stream);
        stopping.close();
        assertThat(info().totals()).isEqualTo(new ClusterInfo.Totals(2, 0, info().totals().users(), 0L));
        assertThat(connections("u")).isEmpty();
    }

    private void awaitAllOf(List<StreamInfo> streams) {
        List<String> expected = streams.stream().map(StreamInfo::connectionId).sorted().toList();
        List<String> users = streams.stream().map(stream -> String.valueOf(stream.userId())).distinct().toList();
        await().atMost(Duration.ofSeconds(15)).ignoreExceptions().untilAsserted(() -> assertThat(
                        users.stream().flatMap(user -> connections(user).stream()).sorted().toList())
                .isEqualTo(expected));
    }

    private List<String> connections(String user) {
        return user(user).connections().stream().map(Connection::connection).toList();
    }

    private UserLeases user(String user) {
        return b.leases().user(user).join();
    }

    private Nodes nodes() {
        return b.leases().nodes().join();
    }

    private ClusterInfo info() {
        return RegistryViews.of(nodes());
    }

    private static String heard(String status) {
        return "user_status {\"user_id\":\"%s\",\"status\":\"%s\"}".formatted("u", status);
    }
}
