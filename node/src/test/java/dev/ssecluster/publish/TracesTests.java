package dev.ssecluster.publish;

import dev.ssecluster.event.Trace;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;

class TracesTests {

    private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String HEADER = "00-" + ID + "-00f067aa0ba902b7-01";

    private final MockHttpServletRequest request = new MockHttpServletRequest();
    private long now;
    private final Traces traces = new Traces(request, new TraceProperties(3), () -> now);

    @Test
    void whenTheRequestHasATraceThenItIsThatOne() {
        assertThat(traces.ofRequest()).isNull();
        request.addHeader("traceparent", HEADER);
        assertThat(traces.ofRequest()).isEqualTo(new Trace(ID));
        request.addHeader("traceparent", HEADER);
        assertThat(traces.ofRequest()).as("repeated").isNull();
    }

    @Test
    void whenThereAreMoreMessagesInASecondThanAreFollowedThenTheRestIsNot() {
        assertThat(followed(10)).isEqualTo(3);
        now += TimeUnit.MILLISECONDS.toNanos(999);
        assertThat(followed(10)).isZero();
        now += TimeUnit.MILLISECONDS.toNanos(1);
        assertThat(followed(10)).isEqualTo(3);
    }

    @Test
    void whenNobodyFollowsThenNothingIsCounted() {
        for (int i = 0; i < 10; i++) {
            assertThat(traces.forMessage(null)).isNull();
        }
        assertThat(followed(3)).isEqualTo(3);
    }

    @Test
    void whenItIsSwitchedOffThenNoneIsFollowed() {
        assertThat(new Traces(request, new TraceProperties(0), () -> now).forMessage(new Trace(ID))).isNull();
    }

    private long followed(int messages) {
        long count = 0;
        for (int i = 0; i < messages; i++) {
            count += traces.forMessage(new Trace(ID)) == null ? 0 : 1;
        }
        return count;
    }
}
