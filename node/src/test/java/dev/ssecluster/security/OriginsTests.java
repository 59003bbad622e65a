package dev.ssecluster.security;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class OriginsTests {

    private static Origins of(String... allowed) {
        return new Origins(new SecuritySettings(Set.of(), Set.of(allowed), "sub", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "null", "https://*", "https://*.example", "app.example", "https://app.example/", "https://App.example",
        "https://user@app.example", "https://", "https://app.example:", "https://app example", ""})
    void whenAnOriginIsNotAsABrowserWritesItThenTheNodeDoesNotStart(String origin) {
        assertThatThrownBy(() -> of(origin)).isInstanceOf(SecurityModeException.class).hasMessageContaining("allowed-origins");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://app.example", "http://localhost:3000", "http://[::1]:8080", "capacitor://localhost"})
    void whenAnOriginIsAllowedThenOnlyThatOne(String origin) {
        assertThat(of(origin).allow(origin)).isTrue();
        assertThat(of(origin).allow(origin + "1")).isFalse();
        assertThat(of(origin).allow("null")).isFalse();
    }

    @Test
    void whenNoOriginIsAllowedThenAnswersDoNotDependOnIt() {
        Map<String, String> headers = new TreeMap<>();
        of().write("https://app.example", headers::put);
        assertThat(headers).containsOnlyKeys("X-Content-Type-Options");
    }
}
