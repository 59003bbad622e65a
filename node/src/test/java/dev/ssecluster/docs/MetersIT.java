package dev.ssecluster.docs;

import dev.ssecluster.metric.MeterNames;
import dev.ssecluster.test.SseClient;
import dev.ssecluster.test.TestNode;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** What a node shows to Prometheus against all that is said of it: docs/metrics.md, the dashboard and the alert rules. */
class MetersIT {

    /** Prometheus' own, or given by its configuration. */
    private static final Set<String> LABELS_OF_PROMETHEUS = Set.of("instance", "job", "le");
    private static final Set<String> METRICS_OF_PROMETHEUS = Set.of("up");

    private static Exposition shown;
    private static Set<String> names;
    private static final Document METRICS = Document.read("docs/metrics.md");

    @BeforeAll
    static void look() throws IOException, InterruptedException {
        try (TestNode node = TestNode.start()) {
            try (SseClient stream = node.stream("/stream/meters")) { // so that there are requests, too
                assertThat(stream.isConnected()).isTrue();
            }
            System.gc(); // some of the JVM's metrics are there only after that
            shown = Exposition.of(node);
            names = node.bean(MeterRegistry.class).getMeters().stream().map(Meter::getId).map(Meter.Id::getName)
                    .filter(name -> name.startsWith("sse.")).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @AfterAll
    static void forget() {
        shown = new Exposition(Map.of());
    }

    @Test
    void whenANodeRunsThenItHasExactlyTheMetersThatAreDocumented() {
        Set<String> documented = METRICS.rows("sse.").stream()
                .map(row -> row.get(1) + " " + sorted(row.get(2)))
                .map(String::strip)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(ofTheProduct()).isEqualTo(documented);
    }

    @Test
    void whenAMeterHasTwoNamesThenTheyBelongTogether() {
        assertThat(METRICS.rows("sse.")).allMatch(row -> row.get(1).startsWith(row.get(0).replace('.', '_')));
    }

    @Test
    void whenThereIsAMeterThenItsNameIsAmongTheConstants() {
        assertThat(names).isEqualTo(constants());
    }

    @Test
    void whenAPanelHasAQueryThenItNamesWhatANodeShows() {
        JsonNode dashboard = JsonMapper.shared().readTree(Document.read("deploy/grafana/dashboards/sse-cluster.json").text());
        List<String> queries = dashboard.findValuesAsString("expr");
        assertThat(queries).hasSizeGreaterThan(30);
        assertThat(queries).allSatisfy(query -> exists(new PromQuery(query)));
    }

    @Test
    void whenThereIsAnAlertThenItNamesWhatANodeShowsAndItsRunbookIsThere() {
        JsonNode rules = JsonMapper.shared().valueToTree(new Yaml().load(Document.read("deploy/prometheus/alerts.yml").text()));
        Document operations = Document.read("docs/operations.md");
        assertThat(rules.findParents("alert")).hasSizeGreaterThan(10).allSatisfy(rule -> {
            exists(new PromQuery(rule.path("expr").asString()));
            JsonNode annotations = rule.path("annotations");
            assertThat(annotations.path("summary").asString()).isNotBlank();
            assertThat(annotations.path("description").asString()).isNotBlank();
            String alert = rule.path("alert").asString();
            assertThat(annotations.path("runbook_url").asString()).endsWith("docs/operations.md#" + alert.toLowerCase(Locale.ROOT));
            assertThat(operations.text()).contains("\n### " + alert + "\n");
        });
    }

    private static void exists(PromQuery query) {
        Set<String> metrics = new TreeSet<>(query.metrics());
        metrics.removeAll(METRICS_OF_PROMETHEUS);
        assertThat(shown.metrics().keySet()).as(query.text()).containsAll(metrics);
        Set<String> labels = metrics.stream().flatMap(metric -> shown.labels(metric).stream()).collect(Collectors.toSet());
        labels.addAll(LABELS_OF_PROMETHEUS);
        assertThat(labels).as(query.text()).containsAll(query.labels());
        if (metrics.stream().allMatch(metric -> metric.startsWith("sse_"))) {
            assertThat(query.values()).as(query.text()).allMatch(value -> isDocumented(metrics, value));
        }
    }

    /** The tags' values stand in the table; those of refusals in docs/errors.md. */
    private static boolean isDocumented(Set<String> metrics, String value) {
        Stream<String> rows = METRICS.text().lines().filter(line -> metrics.stream().anyMatch(metric -> line.contains(stem(metric))));
        return value.equals("sse-cluster") || rows.anyMatch(row -> row.contains("`" + value + "`"))
                || (metrics.contains("sse_refused_total") && Document.read("docs/errors.md").text().contains(value));
    }

    private static String stem(String metric) {
        return metric.replaceFirst("_(sum|max|count|bucket)$", "");
    }

    private static Set<String> ofTheProduct() {
        Set<String> all = new TreeSet<>();
        shown.metrics().forEach((name, labels) -> {
            if (name.startsWith("sse_")) {
                all.add((name.replaceFirst("_(sum|max)$", "_count") + " " + String.join(", ", labels)).strip());
            }
        });
        return all;
    }

    private static String sorted(String tags) {
        return Arrays.stream(tags.split(",")).map(String::strip).sorted().collect(Collectors.joining(", "));
    }

    /** Of meters; tags have names without a dot. */
    private static Set<String> constants() {
        return Arrays.stream(MeterNames.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .map(field -> {
                    try {
                        return (String) field.get(null);
                    } catch (IllegalAccessException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .filter(name -> name.startsWith("sse."))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
