package dev.ssecluster.docs;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Metrics that the documentation tells somebody to look at are in the table of metrics. */
class MetricNamesTests {

    private static final Pattern NAME = Pattern.compile("(?<!\\w)sse_[a-z_]+[a-z]\\b(?!\\*)");
    private static final Pattern SUFFIX = Pattern.compile("_(count|sum|max|bucket)$");

    /** Not metrics: a cookie, claims of tokens, a name in an example of nginx. */
    private static final Set<String> OTHERS = Set.of("sse_token", "sse_groups", "sse_publish", "sse_nodes");

    @ParameterizedTest
    @ValueSource(strings = {
        "README.md", "README.zh-CN.md", "docs/troubleshooting.md", "docs/operations.md", "docs/errors.md", "deploy/kubernetes/README.md",
        "deploy/kubernetes/base/horizontalpodautoscaler.yaml", "deploy/kubernetes/example/prometheus-adapter.yaml"
    })
    void whenAMetricIsNamedThenItExists(String document) {
        Set<String> existing = Document.read("docs/metrics.md").rows("sse.").stream().map(row -> withoutSuffix(row.get(1))).collect(Collectors.toSet());
        List<String> unknown = NAME.matcher(Document.read(document).text()).results().map(found -> withoutSuffix(found.group()))
                .filter(name -> !OTHERS.contains(name) && !existing.contains(name)).toList();
        assertThat(unknown).isEmpty();
    }

    private static String withoutSuffix(String name) {
        return SUFFIX.matcher(name).replaceFirst("");
    }
}
