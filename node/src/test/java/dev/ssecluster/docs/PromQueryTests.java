package dev.ssecluster.docs;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PromQueryTests {

    @Test
    void whenAQueryHasFunctionsAndGroupingsThenOnlyMetricsAreItsMetrics() {
        PromQuery query = new PromQuery("histogram_quantile(0.99, sum by (le, instance) (rate(a_bucket{job=\"x\", r=~\"b|c\"}[$__rate_interval])))"
                + " > 1e3 and on (instance) d:e unless ignoring(le) f offset 5m");
        assertThat(query.metrics()).containsExactly("a_bucket", "d:e", "f");
        assertThat(query.labels()).containsExactly("instance", "job", "le", "r");
        assertThat(query.values()).containsExactly("b", "c", "x");
    }

    @Test
    void whenAVariableSelectsThenItIsNoValue() {
        assertThat(new PromQuery("up{instance=~\"$instance\"} == 0").values()).isEmpty();
        assertThat(new PromQuery("up{instance=~\"$instance\"} == 0").metrics()).containsExactly("up");
    }
}
