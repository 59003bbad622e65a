package dev.ssecluster.docs;

import dev.ssecluster.test.TestNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The table in docs/metrics.md against what a node shows to Prometheus. */
class MetersIT {

    private static final Pattern SAMPLE = Pattern.compile("(sse_\\w+)(?:\\{(\\w+)=.*)? .*");

    @Test
    void whenANodeRunsThenItHasExactlyTheMetersThatAreDocumented() throws Exception {
        Set<String> documented = Document.read("docs/metrics.md").rows("sse.").stream()
                .map(row -> row.get(1) + " " + row.get(2))
                .map(String::strip)
                .collect(Collectors.toCollection(TreeSet::new));
        try (TestNode node = TestNode.start()) {
            assertThat(shown(node)).isEqualTo(documented);
        }
    }

    @Test
    void whenAMeterHasTwoNamesThenTheyBelongTogether() {
        assertThat(Document.read("docs/metrics.md").rows("sse."))
                .allMatch(row -> row.get(1).startsWith(row.get(0).replace('.', '_')));
    }

    /** Names, each with its tag if it has one. */
    private static Set<String> shown(TestNode node) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + node.managementPort() + "/actuator/prometheus");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofLines()).body()
                    .map(SAMPLE::matcher)
                    .filter(Matcher::matches)
                    .map(sample -> sample.group(1) + (sample.group(2) == null ? "" : " " + sample.group(2)))
                    .map(name -> name.replaceFirst("_(sum|max)(?= |$)", "_count"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
