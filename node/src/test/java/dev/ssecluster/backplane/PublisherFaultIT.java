package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** A fault of this node while it handles an answer concerns the sends of that answer and no others. */
class PublisherFaultIT {

    private static final Target USER = Target.user("u");

    /** { now, id, nodes, ahead } as publish.lua answers for one message; a text in place of the nodes. */
    private static final Pattern ONE_SENT =
            Pattern.compile("^\\*4\r\n:(\\d+)\r\n:(\\d+)\r\n:(\\d+)\r\n:(\\d+)\r\n$");

    private static final String NO_NUMBER = "*4\r\n:$1\r\n:$2\r\n+$3\r\n:$4\r\n";
    private static final String TOO_FEW = "*2\r\n:$1\r\n:$2\r\n";

    /** Probes have answers of the same form, so there are none. */
    private static final BackplaneProperties NO_PROBES = new BackplaneProperties(
            Duration.ofSeconds(1),
            Duration.ofMillis(1500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60));

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    private final FreezingProxy proxy = proxy();
    private final TestNode node = new TestNode(
            RedisServerExtension.details(proxy.port()),
            new RecordingSink(),
            NO_PROBES,
            TestNode.publishing(Duration.ofMillis(1500)));

    @BeforeEach
    void ready() {
        node.awaitReady();
        assertThat(node.send(USER, "1")).isInstanceOf(PublishResult.Accepted.class);
    }

    @AfterEach
    void close() throws IOException {
        node.close();
        proxy.close();
    }

    @Test
    void whenAnAnswerCannotBeReadThenItsSendIsUnknownAtOnceAndTheNextIsSent() {
        proxy.spoil(ONE_SENT, NO_NUMBER);
        assertFaultIsPassing();
    }

    @Test
    void whenAnAnswerHasTooFewResultsThenItsSendIsUnknownAtOnceAndTheNextIsSent() {
        proxy.spoil(ONE_SENT, TOO_FEW);
        assertFaultIsPassing();
    }

    @Test
    void whenSendsWaitBehindTheFaultThenTheyAreSent() {
        proxy.spoil(ONE_SENT, NO_NUMBER);
        List<CompletableFuture<List<PublishResult>>> sends = IntStream.range(0, 10)
                .mapToObj(_ -> node.backplane.publish(List.of(TestNode.message(USER, "1", null))))
                .toList();
        assertThat(sends.stream().map(send -> TestNode.get(send).getFirst()))
                .filteredOn(result -> !(result instanceof PublishResult.Accepted))
                .containsExactly(new PublishResult.Unknown());
    }

    private void assertFaultIsPassing() {
        long start = System.nanoTime();
        assertThat(node.send(USER, "1")).isEqualTo(new PublishResult.Unknown());
        assertThat(proxy.hasSpoiled()).isTrue();
        assertThat(node.send(USER, "2")).isInstanceOf(PublishResult.Accepted.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }

    private static FreezingProxy proxy() {
        try {
            return new FreezingProxy(redis.port());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
