package dev.ssecluster.admin;

import dev.ssecluster.backplane.Backplane;
import dev.ssecluster.backplane.RequestKind;
import dev.ssecluster.loadtest.SseParser;
import dev.ssecluster.model.Disconnect;
import dev.ssecluster.model.GroupMember;
import dev.ssecluster.model.GroupPage;
import dev.ssecluster.model.Problem;
import dev.ssecluster.model.SseClusterApi;
import dev.ssecluster.test.RedisConsole;
import dev.ssecluster.test.SseClient;
import dev.ssecluster.test.TestNode;
import dev.ssecluster.test.TestServices;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** On three nodes: what the first one is told takes effect on the others. */
class AdministrationIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final List<TestNode> NODES = new ArrayList<>();
    private static SseClusterApi api;

    private final String name = "admin-" + UUID.randomUUID();
    private final List<SseClient> clients = new ArrayList<>();

    @BeforeAll
    static void start() {
        for (int i = 1; i <= 3; i++) {
            NODES.add(TestNode.start("sse.node.id=admin-it-" + i));
        }
        RestClient http = RestClient.create("http://127.0.0.1:" + NODES.getFirst().port());
        api = HttpServiceProxyFactory.builderFor(RestClientAdapter.create(http)).build().createClient(SseClusterApi.class);
    }

    @AfterAll
    static void stop() {
        NODES.forEach(TestNode::close);
    }

    @AfterEach
    void close() {
        clients.forEach(SseClient::close);
    }

    @Test
    void whenAClientHasStreamsOnOtherNodesThenAllOfThemAreClosedAndCounted() throws Exception {
        List<SseClient> theirs = List.of(open(2, "/stream/" + name), open(2, "/stream/" + name), open(3, "/stream/" + name));
        SseClient other = open(3, "/stream/" + name + "x?user_id=" + name);
        long start = System.nanoTime();
        HttpResponse<String> answer = post("/disconnect/" + name, null);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"data\":{\"closed\":3,\"complete\":true}}");
        await().pollInterval(Duration.ofMillis(5)).until(() -> theirs.stream().allMatch(SseClient::isEnded));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
        assertThat(theirs).allSatisfy(client -> assertThat(goaway(client)).contains("\"reason\":\"disconnected\""));
        assertThat(theirs).allSatisfy(client -> assertThat(retry(client)).isBetween(1_000L, 5_000L));
        assertThat(other.isEnded()).isFalse();
    }

    @Test
    void whenAUserIsDisconnectedThenTheirStreamsAreWhateverTheirClientIds() {
        List<SseClient> theirs = Stream.of(1, 2, 3).map(node -> open(node, "/stream/" + name + node + "?user_id=" + name)).toList();
        SseClient other = open(1, "/stream/" + name + "?user_id=" + name + "x");
        assertThat(api.disconnectUser(name).closed()).isEqualTo(3);
        await().until(() -> theirs.stream().allMatch(SseClient::isEnded));
        assertThat(other.isEnded()).isFalse();
        assertThatExceptionOfType(HttpClientErrorException.NotFound.class).isThrownBy(() -> api.disconnectUser(name));
    }

    @Test
    void whenThereAreNoStreamsThenThatIsSaidAndABlockHoldsAllTheSame() {
        try (RedisConsole redis = new RedisConsole(TestServices.redis())) {
            assertThatExceptionOfType(HttpClientErrorException.NotFound.class).isThrownBy(() -> api.disconnectClient(name))
                    .satisfies(e -> assertThat(Objects.requireNonNull(e.getResponseBodyAs(Problem.class)).type()).hasToString("urn:sse-cluster:problem:no-streams"));
            assertThat(redis.block("client:" + name)).isEmpty();
            assertThatExceptionOfType(HttpClientErrorException.NotFound.class)
                    .isThrownBy(() -> api.disconnectClient(name, Disconnect.blockedFor(Duration.ofMinutes(1))));
            assertThat(redis.block("client:" + name)).hasValueSatisfying(block -> assertThat(block).endsWith(" 0"));
        }
    }

    @Test
    void whenClientsAreKeptAwayThenTheyAreToldToComeBackAfterIt() {
        SseClient client = open(2, "/stream/" + name);
        try (RedisConsole redis = new RedisConsole(TestServices.redis())) {
            assertThat(api.disconnectClient(name, Disconnect.blockedFor(Duration.ofMinutes(1))).data().closed()).isEqualTo(1);
            assertThat(redis.block("client:" + name)).hasValueSatisfying(block -> assertThat(block).endsWith(" 0"));
        }
        await().until(client::isEnded);
        assertThat(retry(client)).isBetween(60_000L, 70_000L);
        assertThat(goaway(client)).contains("\"retry_ms\":" + retry(client));
        SseClient tooSoon = SseClient.open(NODES.get(2).port(), "/stream/" + name);
        clients.add(tooSoon);
        await().until(tooSoon::isEnded);
        assertThat(goaway(tooSoon)).contains("\"reason\":\"blocked\"");
        assertThat(retry(tooSoon)).isBetween(50_000L, 75_000L);
    }

    @Test
    void whenItIsFinalThenTheClientComesBackSoonToBeToldSo() {
        SseClient client = open(3, "/stream/" + name + "?user_id=" + name);
        try (RedisConsole redis = new RedisConsole(TestServices.redis())) {
            assertThat(api.disconnectUser(name, Disconnect.forGood()).data().closed()).isEqualTo(1);
            assertThat(redis.block("user:" + name)).hasValueSatisfying(block -> assertThat(block).endsWith(" 1"));
        }
        await().until(client::isEnded);
        assertThat(retry(client)).isBetween(1_000L, 5_000L);
        SseClient again = SseClient.open(NODES.get(1).port(), "/stream/" + name + "?user_id=" + name);
        clients.add(again);
        assertThat(again.head()).startsWith("HTTP/1.1 204 ");
    }

    @Test
    void whenAnIdCannotBeInAPathThenTheQueryTakesIt() throws Exception {
        SseClient client = open(2, "/stream?id=" + name + "%2F%25&group=g%5C" + name);
        assertThat(json(get("/group?group=g%5C" + name))).contains("\"count\":1", "\"client_id\":\"" + name + "/%\"");
        assertThat(post("/disconnect/" + name + "%2F%25", null).statusCode()).isEqualTo(400);
        assertThat(post("/disconnect?id=" + name + "%2F%25", "{}").body()).contains("\"closed\":1");
        await().until(client::isEnded);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "/disconnect/x; {\"block_seconds\":86401}; block_seconds",
        "/disconnect/x; {\"block_seconds\":-1}; block_seconds",
        "/disconnect/x; {\"block_seconds\":\"1\"}; block_seconds",
        "/disconnect/x; {\"final\":1}; final",
        "/users/x/disconnect; {\"final\":true,\"final\":true}; final",
        "/users/x/disconnect; {\"seconds\":1}; seconds",
        "/disconnect/a,b; {}; id",
        "/users/%20/disconnect; {}; user_id",
        "/disconnect?id=; {}; id",
        "/disconnect; {}; id",
        "/users/disconnect; {}; user_id"
    })
    void whenSomethingIsWrongThenItIsNamed(String path, String body, String field) throws Exception {
        HttpResponse<String> answer = post(path, body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
    }

    @ParameterizedTest
    @CsvSource({"group/a%2Cb, group", "group, group", "group/g?limit=0, limit", "group/g?limit=1001, limit", "group/g?limit=1&limit=2, limit",
            "group/g?limit=x, limit",
        "group/g?cursor=x, cursor", "group/g?cursor=0123456789ABCDEF, cursor"})
    void whenAQueryIsWrongThenItIsNamed(String path, String field) throws Exception {
        HttpResponse<String> answer = get("/" + path);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
    }

    @Test
    void whenTheBodyIsNoJsonThenItIsRefused() throws Exception {
        assertThat(post("/disconnect/x", "[]").statusCode()).isEqualTo(400);
        HttpRequest form = request("/disconnect/x").header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("final=true")).build();
        assertThat(HTTP.send(form, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(415);
    }

    /** A page may send such a request to any server without asking it. */
    @Test
    void whenAPageMakesABrowserPostWithoutABodyThenNothingIsDone() throws Exception {
        SseClient client = open(1, "/stream/" + name);
        for (String type : new String[] {"", "text/plain", "application/x-www-form-urlencoded"}) {
            HttpRequest.Builder post = request("/disconnect/" + name).header("Origin", "http://evil.example")
                    .POST(HttpRequest.BodyPublishers.noBody());
            HttpRequest sent = type.isEmpty() ? post.build() : post.header("Content-Type", type).build();
            assertThat(HTTP.send(sent, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(415);
        }
        assertThat(client.isEnded()).isFalse();
    }

    @Test
    void whenMembersAreOnAllNodesThenPagesHaveEachOnce() throws Exception {
        for (int i = 0; i < 7; i++) {
            open(1 + i % 3, "/stream/" + name + "/c" + i + "?user_id=u" + i);
        }
        List<GroupMember> members = new ArrayList<>();
        String cursor = null;
        do {
            GroupPage page = api.group(name, 2, cursor);
            assertThat(page.data().count()).isEqualTo(7);
            assertThat(page.data().complete()).isTrue();
            assertThat(page.data().group()).isEqualTo(name);
            members.addAll(page.data().members());
            cursor = page.next();
        } while (cursor != null);
        assertThat(members).extracting(GroupMember::connectionId).isSorted().doesNotHaveDuplicates().hasSize(7);
        assertThat(members).extracting(GroupMember::clientId)
                .containsExactlyInAnyOrder("c0", "c1", "c2", "c3", "c4", "c5", "c6");
        assertThat(members).allSatisfy(member -> {
            int i = member.clientId().charAt(1) - '0';
            assertThat(member.userId()).isEqualTo("u" + i);
            assertThat(member.node()).isEqualTo("admin-it-" + (1 + i % 3));
            assertThat(member.since()).isBetween(Instant.now().minusSeconds(30), Instant.now().plusSeconds(1));
        });
        assertThat(api.group(name).data().members()).isEqualTo(members);
        assertThat(api.group(name).next()).isNull();
        assertThat(api.group(name, 7, null).next()).isNull();
    }

    @Test
    void whenAGroupHasNoMembersThenItIsEmpty() throws Exception {
        HttpResponse<String> answer = get("/group/" + name);
        assertThat(json(answer)).isEqualTo(
                "{\"data\":{\"group\":\"" + name + "\",\"count\":0,\"members\":[],\"complete\":true},\"next\":null}");
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    /** It says so, and counts what the others have answered. */
    @Test
    void whenANodeDoesNotAnswerThenTheAnswerIsNotComplete() throws Exception {
        Backplane silent = NODES.get(2).bean(Backplane.class);
        silent.onRequest(RequestKind.DISCONNECT, (_, _) -> {});
        silent.onRequest(RequestKind.MEMBERS, (_, _) -> {});
        try {
            open(3, "/stream/" + name + "/" + name);
            CompletableFuture<GroupPage> page = CompletableFuture.supplyAsync(() -> api.group(name));
            HttpResponse<String> nothing = post("/disconnect/" + name, null);
            assertThat(page.join().data().complete()).isFalse();
            assertThat(nothing.statusCode()).isEqualTo(503);
            assertThat(nothing.headers().firstValue("Retry-After")).isPresent();
            open(2, "/stream/" + name);
            assertThat(post("/disconnect/" + name, null).body()).isEqualTo("{\"data\":{\"closed\":1,\"complete\":false}}");
        } finally {
            silent.onRequest(RequestKind.DISCONNECT, NODES.get(2).bean(Disconnections.class)::answer);
            silent.onRequest(RequestKind.MEMBERS, NODES.get(2).bean(Groups.class)::answer);
        }
    }

    private SseClient open(int node, String path) {
        SseClient client = NODES.get(node - 1).stream(path);
        assertThat(client.isConnected()).isTrue();
        clients.add(client);
        return client;
    }

    private static String goaway(SseClient client) {
        return client.received().stream().filter(each -> each.type().equals("sse.goaway")).map(SseParser.Received::data)
                .findFirst().orElseThrow();
    }

    private static long retry(SseClient client) {
        return client.retryMillis();
    }

    private static String json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    /** Without a body when that is null. */
    private static HttpResponse<String> post(String path, @Nullable String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path);
        HttpRequest posted = body == null
                ? request.POST(HttpRequest.BodyPublishers.noBody()).build()
                : request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)).build();
        return HTTP.send(posted, HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + NODES.getFirst().port() + "/api/v1/sse" + path))
                .timeout(Duration.ofSeconds(10));
    }
}
