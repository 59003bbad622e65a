package dev.ssecluster.test;

import java.io.IOException;
import org.junit.jupiter.api.Test;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class NodeProcessIT {

    private static final String SEND = "{\"user_id\":\"process\",\"event_type\":\"t\",\"data\":%d}";

    @Test
    void whenANodeIsPausedAndKilledThenItsStreamsWaitAndResumeElsewhere() throws IOException {
        try (NodeProcess first = NodeProcess.launch(TestServices.properties(), "sse.stream.retry-min=10ms", "sse.stream.retry-max=20ms");
                TestNode second = TestNode.start()) {
            first.awaitReady();
            int[] ports = {first.port()};
            try (ResumingClient client = ResumingClient.open(() -> ports[0], "/stream/process")) {
                await().until(client::isConnected);
                assertThat(first.api().post("/send", SEND.formatted(1)).statusCode()).isEqualTo(200);
                await().untilAsserted(() -> assertThat(client.data()).containsExactly("1"));
                first.pause();
                assertThat(second.post("/send", SEND.formatted(2)).statusCode()).isEqualTo(200);
                assertThat(client.data()).containsExactly("1");
                first.resume();
                await().untilAsserted(() -> assertThat(client.data()).containsExactly("1", "2"));
                ports[0] = second.port();
                first.kill();
                await().until(() -> client.connections() == 2 && client.isConnected());
                assertThat(client.failure()).isNull();
            }
        }
    }

    @Test
    void whenANodeIsAskedToEndThenItEndsByItself() {
        try (NodeProcess node = NodeProcess.start(TestServices.properties())) {
            node.terminate();
            await().atMost(2, SECONDS).until(() -> !new Api(node.managementPort()).isUp());
        }
    }
}
