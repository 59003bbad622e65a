package dev.ssecluster.publish;

import dev.ssecluster.backplane.Publication;
import dev.ssecluster.event.Target;
import dev.ssecluster.publish.Http.Answered;
import dev.ssecluster.test.TestTokens;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/** What a valid token may send and read. */
@SecuredTest
class RightsTests {

    private static final String CONTENT = "\"event_type\":\"t\",\"data\":1";

    @Autowired
    private RecordingBackplane backplane;

    @Autowired
    private MeterRegistry meters;

    private Http http;

    @BeforeEach
    void start(@LocalServerPort int port) {
        http = new Http(port);
        backplane.reset();
    }

    @ParameterizedTest
    @CsvSource({
        "sse.publish, 200",
        "sse.admin, 200",
        "other sse.publish, 200",
        "'', 403",
        "sse.act, 403",
        "sse.publisher, 403",
        "SSE.PUBLISH, 403"
    })
    void whenATokenLacksTheScopeThenItSendsNothing(String scope, int status) {
        double before = meters.get("sse.refused").tag("reason", "forbidden").counter().count();
        Answered answer = http.post("/broadcast", "{" + CONTENT + "}", TestTokens.of("p").scopes(scope).header());
        assertThat(answer.status()).isEqualTo(status);
        assertThat(backplane.published()).hasSize(status == 200 ? 1 : 0);
        if (status == 403) {
            assertThat(answer.problem()).isEqualTo("forbidden");
            assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer error=\"insufficient_scope\", scope=\"sse.publish\"");
            assertThat(meters.get("sse.refused").tag("reason", "forbidden").counter().count()).isEqualTo(before + 1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/send, user_id, u1, 200",
        "/send, user_id, v1, 403",
        "/send, client_id, u1, 403",
        "/send/group, group, admins, 200",
        "/send/group, group, admins2, 403",
        "/send/group, group, u1, 403",
        "/broadcast, , , 403"
    })
    void whenATokenNamesItsTargetsThenItSendsOnlyToThose(String path, String field, String value, int status) {
        String target = field == null ? "" : "\"" + field + "\":\"" + value + "\",";
        String[] header = TestTokens.of("p").scopes("sse.publish").sendsTo("user:u*", "group:admins").header();
        Answered answer = http.post(path, "{" + target + CONTENT + "}", header);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(backplane.published()).hasSize(status == 200 ? 1 : 0);
    }

    @Test
    void whenTheClaimAllowsBroadcastOrEverythingThenItIsSo() {
        String body = "{" + CONTENT + "}";
        assertThat(http.post("/broadcast", body, TestTokens.of("p").scopes("sse.publish").sendsTo("broadcast").header()).status())
                .isEqualTo(200);
        assertThat(http.post("/broadcast", body, TestTokens.of("p").scopes("sse.publish").sendsTo("*").header()).status()).isEqualTo(200);
        assertThat(http.post("/broadcast", body, TestTokens.of("p").scopes("sse.admin").sendsTo("user:*").header()).status())
                .as("the claim narrows an administrator's token, too").isEqualTo(403);
    }

    /** A claim that is null must not be taken for one that is absent. */
    @Test
    void whenTheClaimIsNullThenNothingMayBeSent() {
        String token = TestTokens.withNull("p", "sse_publish", "sse.publish");
        assertThat(http.post("/broadcast", "{" + CONTENT + "}", "Authorization", "Bearer " + token).status()).isEqualTo(403);
    }

    @Test
    void whenSomeMessagesOfABatchAreNotAllowedThenOnlyThoseAreRefused() {
        Answered answer = http.post("/send/batch", """
                {"messages":[{"target":{"user_id":"u"},%1$s},{"target":{"broadcast":true},%1$s},{"target":{"group":"presence:u"},%1$s},
                {"target":{"group":"g"},%1$s}]}""".formatted(CONTENT),
                TestTokens.of("p").scopes("sse.publish").sendsTo("user:*", "group:*").header());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.texts("$.data[*].type")).containsExactly(
                "urn:sse-cluster:problem:forbidden", "urn:sse-cluster:problem:forbidden");
        assertThat(answer.text("$.data[1].status")).isEqualTo("403");
        assertThat(backplane.published()).extracting(Publication::target).containsExactly(Target.user("u"), Target.group("g"));
    }

    @Test
    void whenAGroupIsTheServersOwnThenNobodySendsToIt() {
        Answered answer = http.post("/send/group", "{\"group\":\"presence:u\"," + CONTENT + "}", TestTokens.of("a").scopes("sse.admin").header());
        assertThat(answer.status()).isEqualTo(403);
        assertThat(backplane.published()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"u, '', 200", "other, '', 403", "other, sse.publish, 403", "other, sse.act, 200", "other, sse.admin, 200"})
    void whenMessagesAreAnotherUsersThenTheyAreRefused(String user, String scope, int status) {
        String[] header = TestTokens.of("u").scopes(scope).header();
        assertThat(http.get("/messages?user_id=" + user, header).status()).isEqualTo(status);
        assertThat(http.get("/messages/pending?user_id=" + user, header).status()).isEqualTo(status);
        assertThat(http.get("/messages/unread?user_id=" + user, header).status()).isEqualTo(status);
        assertThat(http.post("/messages/read", "{\"user_id\":\"" + user + "\",\"up_to\":\"1\"}", header).status()).isEqualTo(status);
    }

    @Test
    void whenATokenHasNoUserThenItReadsNobodysMessages() {
        assertThat(http.get("/messages?user_id=null", TestTokens.of(null).header()).status()).isEqualTo(403);
    }

    @Test
    void whenARefusalIsReadInChineseThenItIsChinese() {
        String[] header = TestTokens.of("u").header();
        Answered answer = http.get("/messages?user_id=x", header[0], header[1], "Accept-Language", "zh");
        assertThat(answer.text("$.detail")).isEqualTo("令牌属于其他用户，且没有权限范围 sse.act。");
    }
}
