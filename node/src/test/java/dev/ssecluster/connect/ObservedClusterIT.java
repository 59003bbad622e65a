package dev.ssecluster.connect;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.jayway.jsonpath.JsonPath;
import dev.ssecluster.metric.MeterNames;
import dev.ssecluster.test.LogLines;
import dev.ssecluster.test.NodeProcess;
import dev.ssecluster.test.SseClient;
import dev.ssecluster.test.TestNode;
import dev.ssecluster.test.TestServices;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Two nodes, of which one logs as the Elastic Common Schema has it: an event is followed from the one to the other. */
class ObservedClusterIT {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SAMPLED = "00-" + TRACE + "-00f067aa0ba902b7-01";
    private static final String NOT_SAMPLED = "00-" + TRACE + "-00f067aa0ba902b7-00";

    private static TestNode sending;
    private static NodeProcess delivering;

    @BeforeAll
    static void start() {
        delivering = NodeProcess.launch(TestServices.properties(),
                "logging.config=classpath:logback-structured.xml", "logging.structured.format.console=ecs");
        sending = TestNode.start();
        delivering.awaitReady();
    }

    @AfterAll
    static void stop() {
        sending.close();
        delivering.close();
    }

    @Test
    void whenASendIsSampledThenBothNodesLogItUnderItsTraceAndNoOtherSend() {
        try (SseClient stream = SseClient.open(delivering.port(), "/stream/traced-user");
                LogLines log = LogLines.of("dev.ssecluster.publish.Published")) {
            await().until(stream::isConnected);
            send("traced-user", "traceparent", NOT_SAMPLED);
            send("traced-user");
            send("traced-user", "traceparent", "nonsense");
            String id = send("traced-user", "traceparent", SAMPLED);
            await().until(() -> stream.data().size() == 4);
            await().untilAsserted(() -> assertThat(delivered()).hasSize(1));
            assertThat(log.lines()).extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly("Published event " + id + " to 1 nodes");
            assertThat(log.lines().getFirst().getMDCPropertyMap()).containsEntry("trace.id", TRACE);
            JsonNode line = delivered().getFirst();
            assertThat(line.at("/message").asString()).startsWith("Delivered event " + id + " to 1 streams, ");
            assertThat(field(line, "trace", "id")).isEqualTo(TRACE);
            assertThat(field(line, "event", "id")).isEqualTo(id);
            assertThat(field(line, "ecs", "version")).isNotEmpty();
            assertThat(field(line, "service", "name")).isEqualTo("sse-cluster");
        }
    }

    @Test
    void whenEventsAreSentThenTheirKindAndTheirWayAreCounted() {
        try (SseClient stream = sending.stream("/stream/counted-user")) {
            double published = sending.counter(MeterNames.EVENTS_PUBLISHED, "target", "user", "priority", "high", "persisted", "true");
            long measured = latencies();
            sending.post("/send", "{\"user_id\":\"counted-user\",\"event_type\":\"t\",\"data\":1,\"priority\":1,\"persist\":true}");
            await().until(() -> stream.data().size() == 1);
            assertThat(sending.counter(MeterNames.EVENTS_PUBLISHED, "target", "user", "priority", "high", "persisted", "true"))
                    .isEqualTo(published + 1);
            await().until(() -> latencies() > measured);
            assertThat(meters().get(MeterNames.EVENTS_LATENCY).timer().max(TimeUnit.SECONDS)).isLessThan(10);
            assertThat(meters().get(MeterNames.PRESENCE_LEASES).gauge().value()).isPositive();
        }
        await().until(() -> meters().get(MeterNames.PRESENCE_LEASES).gauge().value() == 0);
    }

    @Test
    void whenANodeHearsItselfThenTheLagIsShown() {
        await().until(() -> meters().get(MeterNames.BACKPLANE_PROBE).timer().count() > 0);
        assertThat(meters().get(MeterNames.BACKPLANE_LAG).gauge().value()).isBetween(0.0, 3.0);
    }

    private static List<JsonNode> delivered() {
        return delivering.logLines().stream().filter(line -> line.startsWith("{"))
                .map(line -> JsonMapper.shared().readTree(line))
                .filter(line -> line.at("/message").asString().startsWith("Delivered "))
                .toList();
    }

    /** A dotted field may be written nested or not; both mean the same to who reads the schema. */
    private static String field(JsonNode line, String outer, String inner) {
        JsonNode flat = line.path(outer + "." + inner);
        return (flat.isMissingNode() ? line.path(outer).path(inner) : flat).asString();
    }

    private static String send(String user, String... headers) {
        String body = "{\"user_id\":\"" + user + "\",\"event_type\":\"t\",\"data\":1}";
        return JsonPath.read(sending.post("/send", body, headers).body(), "$.data.event_id");
    }

    private static long latencies() {
        return meters().get(MeterNames.EVENTS_LATENCY).timer().count();
    }

    private static MeterRegistry meters() {
        return sending.bean(MeterRegistry.class);
    }
}
