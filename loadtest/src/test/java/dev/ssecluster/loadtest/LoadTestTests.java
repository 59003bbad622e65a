package dev.ssecluster.loadtest;

import dev.ssecluster.loadtest.FaultyNode.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** The whole program against a node of which we know what it does wrong. */
class LoadTestTests {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) throws InterruptedException {
        return LoadTest.run(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), arguments);
    }

    private int run(Fault fault) throws IOException, InterruptedException {
        try (FaultyNode node = new FaultyNode(fault)) {
            return run("--rate", "300", "--seconds", "1", "--streams", "6", node.address());
        }
    }

    /** Accepted, expected, received, lost, duplicate, out of order, unexpected. */
    private String[] total() {
        return out.toString(UTF_8).lines().filter(line -> line.startsWith("all ")).findFirst().orElseThrow().split(" +");
    }

    @Test
    void whenTheNodeIsRightThenTheStatusIsZero() throws Exception {
        assertThat(run(Fault.NONE)).as(out.toString(UTF_8)).isZero();
        assertThat(total()).startsWith("all", "300").contains("0", "0", "0", "0");
        assertThat(total()[2]).isEqualTo(total()[3]);
        assertThat(out.toString(UTF_8)).contains("300 of 300 sends accepted", "Good: nothing lost, duplicated or out of order");
    }

    @ParameterizedTest
    @CsvSource({"LOSES,4", "REPEATS,5", "REORDERS,6", "DELIVERS_THE_REFUSED,7"})
    void whenTheNodeIsWrongOnceThenItIsSeen(Fault fault, int column) throws Exception {
        assertThat(run(fault)).isEqualTo(1);
        assertThat(total()[column]).as(out.toString(UTF_8)).isNotEqualTo("0");
        assertThat(out.toString(UTF_8)).contains("Wrong: see the table");
    }

    @Test
    void whenNothingIsAcceptedThenThatIsNoSuccess() throws Exception {
        assertThat(run(Fault.REFUSES_ALL)).isEqualTo(1);
        assertThat(out.toString(UTF_8)).contains("Wrong: nothing was accepted");
    }

    @Test
    void whenStreamsAreRefusedThenItSaysSoInOneLine() throws Exception {
        assertThat(run(Fault.REFUSES_STREAMS)).isEqualTo(2);
        assertThat(err.toString(UTF_8)).containsOnlyOnce("\n").contains("did not open: refused with status 403");
    }

    @Test
    void whenHelpIsAskedForThenItIsGiven() throws Exception {
        assertThat(run("--help", "x")).isZero();
        assertThat(out.toString(UTF_8)).startsWith("Usage: java -jar loadtest.jar");
    }

    @Test
    void whenTheCommandLineIsWrongThenItSaysSoInOneLine() throws Exception {
        assertThat(run("http://example.com")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).containsOnlyOnce("\n").contains("only loopback addresses are allowed");
        assertThat(out.size()).isZero();
    }
}
