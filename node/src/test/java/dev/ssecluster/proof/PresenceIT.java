package dev.ssecluster.proof;

import dev.ssecluster.model.ClusterInfo;
import dev.ssecluster.model.SseClusterApi;
import dev.ssecluster.model.UserPresence;
import dev.ssecluster.test.NodeProcess;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.SseClient;
import dev.ssecluster.test.TestServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Who is online while pages are loaded anew, nodes die and stand still, with the lease and the grace that they have by themselves. */
@Tag("proof")
@Execution(ExecutionMode.CONCURRENT)
class PresenceIT {

    private static final int USERS = 1_000;
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration RELOAD = Duration.ofSeconds(2);
    private static final String PAGE = "/stream?user_id=u0&group=g0";

    private final RedisServer redis = TestServices.newRedis();
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<SseClient> clients = new ArrayList<>();

    @AfterEach
    void stop() {
        clients.forEach(SseClient::close);
        nodes.forEach(NodeProcess::close);
        redis.close();
    }

    /** What the page's friend was told is looked at last: by then the grace is over since long. */
    @Test
    void whenAPageIsLoadedAnewAndANodeIsKilledAndAnotherStandsStillThenPresenceAndCountsAreRightSoon() {
        IntStream.range(0, 3).forEach(_ -> nodes.add(NodeProcess.launch(TestServices.properties(redis))));
        nodes.forEach(NodeProcess::awaitReady);
        SseClusterApi api = api(nodes.get(0).port());
        SseClient ofKilled = open(0, "/stream?id=friend1&group=presence:u1");
        SseClient ofPaused = open(0, "/stream?id=friend2&group=presence:u2");
        SseClient ofReloaded = open(0, "/stream?id=friend3&group=presence:u0");
        SseClient page = open(1, PAGE);
        IntStream.range(1, USERS).forEach(i -> open(i % 3, "/stream?user_id=u" + i + "&group=g" + i % 3));
        await().atMost(LIMIT).untilAsserted(() -> assertThat(api.info().data().totals())
                .isEqualTo(new ClusterInfo.Totals(3, USERS + 3, USERS + 3, 6L)));
        for (SseClient friend : List.of(ofKilled, ofReloaded)) {
            await().untilAsserted(() -> assertThat(statuses(friend)).containsExactly("online"));
        }
        reload(page, api);

        nodes.get(1).kill();
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(statuses(ofKilled)).containsExactly("online", "offline");
            assertThat(api.info().data().totals()).isEqualTo(new ClusterInfo.Totals(2, 670, 670, 5L));
        });
        assertOnline(api, i -> i % 3 != 1);

        nodes.get(2).pause();
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(statuses(ofPaused)).containsExactly("online", "offline");
            assertThat(api.info().data().totals()).isEqualTo(new ClusterInfo.Totals(1, 337, 337, 4L));
        });
        assertOnline(api, i -> i % 3 == 0);
        nodes.get(2).resume();
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(statuses(ofPaused)).containsExactly("online", "offline", "online");
            assertThat(api.info().data().totals()).isEqualTo(new ClusterInfo.Totals(2, 670, 670, 5L));
        });
        assertOnline(api, i -> i % 3 != 1);
        assertThat(statuses(ofKilled)).containsExactly("online", "offline");
        assertThat(statuses(ofReloaded)).containsExactly("online");
    }

    /** It comes back on another node than it was on: a balancer does not know it. */
    private void reload(SseClient page, SseClusterApi api) {
        page.close();
        await().pollDelay(RELOAD).untilAsserted(() -> assertThat(api.presence("u0").data().connections()).isEmpty());
        open(0, PAGE);
        await().untilAsserted(() -> assertThat(api.presence("u0").data().connections()).hasSize(1));
    }

    private void assertOnline(SseClusterApi api, IntPredicate expected) {
        for (int i = 0; i < USERS; i += 7) {
            UserPresence user = api.presence("u" + i).data();
            assertThat(user.online()).as("%s", user).isEqualTo(expected.test(i));
            assertThat(user.connections()).hasSize(expected.test(i) ? 1 : 0);
            assertThat(user.lastSeen()).isNotNull();
        }
    }

    private SseClient open(int node, String path) {
        SseClient client = SseClient.open(nodes.get(node).port(), path);
        clients.add(client);
        return client;
    }

    /** What was told about somebody. */
    private static List<String> statuses(SseClient friend) {
        return friend.events().stream().map(event -> event.type().equals("user_status")
                ? event.data().replaceFirst(".*\"status\":\"(\\w+)\".*", "$1") : event.type()).toList();
    }

    private static SseClusterApi api(int port) {
        RestClientAdapter http = RestClientAdapter.create(RestClient.create("http://127.0.0.1:" + port));
        return HttpServiceProxyFactory.builderFor(http).build().createClient(SseClusterApi.class);
    }
}
