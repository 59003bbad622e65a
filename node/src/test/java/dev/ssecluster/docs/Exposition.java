package dev.ssecluster.docs;

import dev.ssecluster.test.TestNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a node shows to Prometheus: the names of its metrics, and of each one the names of its labels. */
record Exposition(Map<String, Set<String>> metrics) {

    private static final Pattern SAMPLE = Pattern.compile("([a-z]\\w*)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");

    /** None when there is no such metric. */
    Set<String> labels(String metric) {
        return metrics.getOrDefault(metric, Set.of());
    }

    static Exposition of(TestNode node) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + node.managementPort() + "/actuator/prometheus");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return of(client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofLines()).body().toList());
        }
    }

    private static Exposition of(Collection<String> lines) {
        Map<String, Set<String>> metrics = new TreeMap<>();
        lines.stream().map(SAMPLE::matcher).filter(Matcher::matches).forEach(sample -> metrics
                .computeIfAbsent(sample.group(1), _ -> new TreeSet<>())
                .addAll(labelsIn(sample.group(2) == null ? "" : sample.group(2))));
        return new Exposition(metrics);
    }

    private static Collection<String> labelsIn(String written) {
        return LABEL.matcher(written).results().map(MatchResult::group).map(label -> label.substring(0, label.indexOf('='))).toList();
    }
}
