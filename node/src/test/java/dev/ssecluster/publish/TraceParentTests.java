package dev.ssecluster.publish;

import dev.ssecluster.event.Trace;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TraceParentTests {

    private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";

    @ParameterizedTest
    @ValueSource(strings = {
        "00-" + ID + "-00f067aa0ba902b7-01",
        "00-" + ID + "-00f067aa0ba902b7-ff",
        "01-" + ID + "-00f067aa0ba902b7-03",
        "cc-" + ID + "-00f067aa0ba902b7-01-what-the-future-will-be-like"
    })
    void whenSampledThenItIsTheTrace(String header) {
        assertThat(TraceParent.sampled(header)).isEqualTo(new Trace(ID));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "00-" + ID + "-00f067aa0ba902b7-00",
        "00-" + ID + "-00f067aa0ba902b7-02",
        "00-" + ID + "-00f067aa0ba902b7-1",
        "00-" + ID + "-00f067aa0ba902b7-01-more",
        "cc-" + ID + "-00f067aa0ba902b7-01.more",
        "ff-" + ID + "-00f067aa0ba902b7-01",
        "00-" + ID + "-0000000000000000-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
        " 00-" + ID + "-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n"
    })
    void whenNotSampledOrMalformedThenThereIsNone(String header) {
        assertThat(TraceParent.sampled(header)).isNull();
    }

    @Test
    void whenTheHeaderIsAnythingThenReadingItNeverThrows() {
        long seed = System.nanoTime();
        System.out.println("TraceParentTests seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder header = new StringBuilder("00-" + ID + "-00f067aa0ba902b7-01");
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                header.setCharAt(random.nextInt(header.length()), (char) random.nextInt(32, 256));
            }
            Trace trace = TraceParent.sampled(header.toString());
            assertThat(trace == null || trace.id().length() == 32).isTrue();
        }
    }
}
