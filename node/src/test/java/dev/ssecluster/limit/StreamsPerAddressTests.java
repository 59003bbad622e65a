package dev.ssecluster.limit;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static dev.ssecluster.limit.ClientAddressTests.request;
import static org.assertj.core.api.Assertions.assertThat;

class StreamsPerAddressTests {

    private static StreamsPerAddress atMost(int most) {
        return new StreamsPerAddress(ClientAddressTests.trusting("10.0.0.1"), new AddressLimit(most));
    }

    @Test
    void whenAnAddressHasAsManyAsItMayThenOthersStillMay() {
        StreamsPerAddress streams = atMost(2);
        assertThat(streams.enter("a", request("1.1.1.1"))).isTrue();
        assertThat(streams.enter("b", request("1.1.1.1"))).isTrue();
        assertThat(streams.enter("c", request("1.1.1.1"))).isFalse();
        assertThat(streams.enter("d", request("2.2.2.2"))).isTrue();
    }

    @Test
    void whenAStreamLeavesTwiceThenItMakesRoomForOne() {
        StreamsPerAddress streams = atMost(1);
        streams.enter("a", request("1.1.1.1"));
        streams.leave("a");
        streams.leave("a");
        assertThat(streams.addresses()).isZero();
        assertThat(streams.enter("b", request("1.1.1.1"))).isTrue();
        streams.leave("a");
        assertThat(streams.enter("c", request("1.1.1.1"))).isFalse();
    }

    @Test
    void whenARefusedStreamLeavesThenNothingChanges() {
        StreamsPerAddress streams = atMost(1);
        streams.enter("a", request("1.1.1.1"));
        streams.enter("b", request("1.1.1.1"));
        streams.leave("b");
        assertThat(streams.enter("c", request("1.1.1.1"))).isFalse();
    }

    @Test
    void whenClientsComeThroughAProxyThenEachIsCounted() {
        StreamsPerAddress streams = atMost(1);
        assertThat(streams.enter("a", request("10.0.0.1", "1.1.1.1"))).isTrue();
        assertThat(streams.enter("b", request("10.0.0.1", "2.2.2.2"))).isTrue();
        assertThat(streams.enter("c", request("10.0.0.1", "9.9.9.9, 2.2.2.2"))).isFalse();
    }

    @Test
    void whenAddressesAreOfOneIpv6SubscriberThenTheyCountAsOne() {
        StreamsPerAddress streams = atMost(1);
        assertThat(streams.enter("a", request("[2001:db8:1:2::1]"))).isTrue();
        assertThat(streams.enter("b", request("[2001:db8:1:2:ffff::9]"))).isFalse();
        assertThat(streams.enter("c", request("[2001:db8:1:3::1]"))).isTrue();
    }

    @Test
    void whenThereIsNoLimitThenNothingIsKept() {
        StreamsPerAddress streams = atMost(0);
        assertThat(streams.enter("a", request("1.1.1.1"))).isTrue();
        streams.leave("a");
        assertThat(streams.addresses()).isZero();
    }

    @Test
    void whenManyComeAndGoAtOnceThenTheLimitHoldsAndNothingIsLeft() {
        StreamsPerAddress streams = atMost(5);
        AtomicInteger open = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List.copyOf(IntStream.range(0, 20_000).boxed().toList()).forEach(i -> threads.execute(() -> {
                if (streams.enter("c" + i, request("1.1.1.1"))) {
                    most.accumulateAndGet(open.incrementAndGet(), Math::max);
                    open.decrementAndGet();
                    streams.leave("c" + i);
                }
            }));
        }
        assertThat(most.get()).isBetween(1, 5);
        assertThat(streams.addresses()).isZero();
    }
}
