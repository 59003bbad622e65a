package dev.ssecluster.test;

import java.io.IOException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ResumingClientTests {

    private static final String FIRST = ScriptedServer.STREAM + "retry: 1\nid: 7\nevent: connected\ndata: {}\n\n";

    private static ResumingClient open(ScriptedServer server) {
        return ResumingClient.open(server::port, "/stream/x");
    }

    @Test
    void whenAResponseEndsThenItComesBackWithTheLastCompleteBlocksId() throws IOException {
        try (ScriptedServer server = new ScriptedServer(FIRST + "id: 8\ndata: 1\n\nid: 9\ndata: 2\n", ScriptedServer.STREAM + "id: 9\ndata: 2\n\n");
                ResumingClient client = open(server)) {
            await().until(() -> client.connections() >= 2 && client.events().size() >= 2);
            assertThat(server.requests().getFirst()).doesNotContain("Last-Event-ID");
            assertThat(server.requests().get(1)).contains("Last-Event-ID: 8\r\n");
            assertThat(client.data()).startsWith("1", "2");
            assertThat(client.events().get(1)).returns(9L, ResumingClient.Receipt::id).returns(2, ResumingClient.Receipt::connection);
        }
    }

    @Test
    void whenCutAfterAByteThenExactlyThatMuchCounts() throws IOException {
        String body = "id: 7\ndata: 1\n\n";
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.STREAM + body, ScriptedServer.STREAM + "id: 8\n\n")) {
            try (ResumingClient client = ResumingClient.resumeAndCut(server::port, "/stream/x", "5", body.length() - 1)) {
                await().until(() -> client.connections() >= 2);
                assertThat(client.events()).isEmpty();
                assertThat(server.requests().get(1)).contains("Last-Event-ID: 5\r\n");
            }
        }
    }

    @Test
    void whenTheStatusIsAnErrorThenItGivesUpForGood() throws IOException {
        try (ScriptedServer server = new ScriptedServer(FIRST, "HTTP/1.1 503 Service Unavailable\r\n\r\n"); ResumingClient client = open(server)) {
            await().until(() -> client.failure() != null);
            assertThat(client.failure()).contains("503");
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void whenTheMediaTypeIsAnotherThenItGivesUpForGood() throws IOException {
        try (ScriptedServer server = new ScriptedServer("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"); ResumingClient client = open(server)) {
            await().until(() -> client.failure() != null);
            assertThat(client.connections()).isZero();
        }
    }
}
