package dev.ssecluster.clients;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tries all clients against a local cluster, and compares docs/clients.md with what they did. */
@TestInstance(Lifecycle.PER_CLASS)
class ClientsIT {

    private static final String CODE = "src/main/java/dev/ssecluster/clients/";
    private static final Path DOCS = Path.of("../docs/clients.md");

    private final StringBuilder report = new StringBuilder();
    private List<Matrix.Case> failedRecipes = List.of();
    private String table = "";

    @BeforeAll
    void tryAll() throws IOException {
        HttpServer pages = Page.serve();
        Map<String, String> environment = Map.of(
                "SSE_STREAM_HEARTBEAT_INTERVAL", "2s",
                "SSE_STREAM_CLIENT_TIMEOUT", "30s",
                "SSE_STREAM_RETRY_MIN", "3500ms",
                "SSE_STREAM_RETRY_MAX", "4000ms",
                "SSE_DRAIN_WINDOW", "5s",
                "SSE_SECURITY_ALLOWED_ORIGINS", Page.origin(pages));
        try (Cluster cluster = Cluster.start(4, environment);
                NodeProcess node = NodeProcess.start();
                Page page = Page.open(pages)) {
            Matrix matrix = new Matrix(cluster, List.of(
                    page.client("EventSource"), page.client("fetch-event-source"), node.eventsource(),
                    OkHttpClients.client(), JerseyClients.client(), WebClients.client(), CurlClients.client()));
            run(matrix, cluster);
            note(matrix);
        }
    }

    private static void run(Matrix matrix, Cluster cluster) {
        matrix.run(EnumSet.of(Check.EVENTS), 2, () -> { }); // few streams at first: the nodes have just started
        matrix.run(EnumSet.complementOf(EnumSet.of(Check.EVENTS, Check.DRAINED, Check.KILLED)), 2, () -> { });
        matrix.run(List.of(Check.DRAINED), 0, () -> cluster.terminate(0));
        matrix.run(List.of(Check.KILLED), 1, () -> cluster.kill(1));
    }

    private void note(Matrix matrix) throws IOException {
        table = table(matrix);
        report.append(table).append('\n');
        matrix.failures().entrySet().stream()
                .map(failure -> failure.getKey() + ": " + failure.getValue())
                .sorted()
                .forEach(line -> report.append(line).append('\n'));
        failedRecipes = matrix.failures().keySet().stream().filter(tried -> tried.level() == Level.APPLICATION).toList();
        Files.writeString(Files.createDirectories(Path.of("target")).resolve("clients-report.md"), report);
    }

    private static String table(Matrix matrix) {
        String head = matrix.clients().stream().map(Client::name).collect(Collectors.joining(" | ", "| | ", " |\n"));
        return head + "|---".repeat(matrix.clients().size() + 1) + "|\n"
                + Stream.of(Check.values()).map(check -> line(matrix, check)).collect(Collectors.joining());
    }

    private static String line(Matrix matrix, Check check) {
        return matrix.clients().stream()
                .map(client -> matrix.cell(client, check))
                .collect(Collectors.joining(" | ", "| " + check.words() + " | ", " |\n"));
    }

    @Test
    void whenUsedAsTheDocsShowThenEveryClientDoesEverything() {
        assertThat(failedRecipes).as(report.toString()).isEmpty();
    }

    @Test
    void whenTriedThenTheTableOfTheDocsSaysWhatEachDoes() throws IOException {
        assertThat(Files.readString(DOCS)).as(report.toString()).contains(table);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "node/reopening-event-source.js", "node/resuming-fetch.js", "curl/stream.sh",
        CODE + "OkHttpHandler.java", CODE + "OkHttpStream.java", CODE + "JerseyStream.java", CODE + "WebClientStream.java"
    })
    void whenTriedThenTheDocsShowThatCode(String file) throws IOException {
        String code = Files.readString(Path.of(file)).split("(?m)^(//|#) snippet\n", 2)[1];
        assertThat(Files.readString(DOCS)).contains(code.strip());
    }
}
