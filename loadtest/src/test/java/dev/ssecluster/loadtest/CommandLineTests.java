package dev.ssecluster.loadtest;

import dev.ssecluster.loadtest.CommandLine.UsageException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CommandLineTests {

    private static final String NODE = "http://127.0.0.1:8081";

    private static void refused(String text, String... arguments) {
        assertThatExceptionOfType(UsageException.class).isThrownBy(() -> CommandLine.parse(arguments))
                .withMessageContaining(text).satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void whenOnlyNodesAreGivenThenTheRestHasDefaults() throws UsageException {
        assertThat(CommandLine.parse(NODE, "http://localhost:8082/", "http://[::1]:8083", "http://127.9.9.9:1")).isEqualTo(new Options(
                List.of(URI.create("http://127.0.0.1:8081/"), URI.create("http://localhost:8082/"), URI.create("http://[::1]:8083/"),
                        URI.create("http://127.9.9.9:1/")), 200, 10, 12));
    }

    @Test
    void whenOptionsAreGivenEitherWayThenTheyCount() throws UsageException {
        assertThat(CommandLine.parse("--rate=50", NODE, "--seconds", "3", "--streams", "7"))
                .isEqualTo(new Options(List.of(URI.create(NODE + "/")), 50, 3, 7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://example.com:8081", "http://10.0.0.1:80", "http://[2001:db8::1]:80", "http://127.0.0.1.example.com",
            "http://0.0.0.0:8081", "http://localhost.example.com:80"})
    void whenAHostIsNotLoopbackThenItIsRefused(String node) {
        refused("only loopback addresses", NODE, node);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8081", "https://127.0.0.1:8081", "http://127.0.0.1:8081/x", "http://me@127.0.0.1:80", "http:x",
            "http://127.0.0.1:x y", "", "http://127.0.0.1?q", "http://"})
    void whenANodeIsNotABareAddressThenItIsRefused(String node) {
        refused("a node must be like http://127.0.0.1:8081, not '" + node + "'", node);
    }

    @Test
    void whenItWouldRunForLongThenItMustBeSaid() throws UsageException {
        refused("--seconds must be at most 60", NODE, "--seconds", "61");
        assertThat(CommandLine.parse(NODE, "--seconds", "61", "--long").seconds()).isEqualTo(61);
        refused("--rate times --seconds", NODE, "--seconds", "86400", "--rate", "20000", "--long");
    }

    @Test
    void whenSomethingIsWrongThenItIsNamed() {
        refused("name the nodes");
        refused("unknown option: --verbose", "--verbose", NODE);
        refused("--rate must be a number from 1 to 20000, not '0'", "--rate", "0", NODE);
        refused("--streams must be a number from 1 to 10000, not '-1'", "--streams", "-1", NODE);
        refused("--seconds must be a number from 1 to 86400, not ''", NODE, "--seconds");
    }
}
