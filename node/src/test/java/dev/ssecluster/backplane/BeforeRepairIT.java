package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import io.lettuce.core.KillArgs;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What happens on a node whose connection was lost or deaf, before it is told what it has missed. */
class BeforeRepairIT {

    private static final Target USER = Target.user("u");
    private static final Target GROUP = Target.group("g");

    private final RedisServerExtension redis = new RedisServerExtension();
    private final RecordingSink sink = new RecordingSink();
    private final List<CompletableFuture<Void>> steps = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        redis.start();
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void whenAStepAcquiresAChannelThenWhatItWasSentSinceTheConnectionWasLostComesToo() throws IOException {
        try (TestNode sender = node(new RecordingSink()); TestNode node = node(sink)) {
            node.acquire(USER);
            node.backplane.beforeRepair(() -> step().thenCompose(_ -> node.backplane.acquire(List.of(GROUP))));
            await().until(() -> !sink.probes.isEmpty());
            lose();
            long group = sender.sendAccepted(GROUP, "1").id();
            long user = sender.sendAccepted(USER, "1").id();
            steps.getFirst().complete(null);
            await().untilAsserted(() -> assertThat(sink.ids()).containsExactly(group, user));
            assertThat(sink.gaps).hasValue(0);
        }
    }

    @Test
    void whenItIsAskedDuringTheRepairThenItAnswersAfterWhatItHadMissed() throws IOException {
        try (TestNode sender = node(new RecordingSink()); TestNode node = node(sink)) {
            List<Long> heardBefore = new CopyOnWriteArrayList<>();
            AtomicLong askedAt = new AtomicLong();
            node.acquire(USER);
            node.backplane.onRequest(RequestKind.DISCONNECT, (request, answer) -> {
                heardBefore.addAll(sink.ids());
                askedAt.set(request.id());
                answer.accept(request.body());
            });
            node.backplane.beforeRepair(this::step);
            lose();
            await().until(() -> sender.sendAccepted(USER, "heard").nodes() == 1);
            assertThat(sink.ids()).isEmpty();
            CompletableFuture<Answers> asked = ask(sender, Duration.ofSeconds(5));
            long after = sender.sendAccepted(USER, "after").id();
            assertThat(sink.ids()).isEmpty();
            assertThat(asked).isNotDone();
            steps.getFirst().complete(null);
            assertThat(TestNode.get(asked).areComplete()).isTrue();
            await().until(() -> sink.ids().contains(after));
            assertThat(heardBefore).isNotEmpty().allMatch(id -> id <= askedAt.get());
            assertThat(sink.ids()).filteredOn(id -> !heardBefore.contains(id)).allMatch(id -> id > askedAt.get());
        }
    }

    @Test
    void whenANodeIsDeafThenItIsNotWaitedForLongerThanAgreedAndReloadsWhenItHearsAgain() throws IOException {
        try (FreezingProxy proxy = new FreezingProxy(redis.port());
                TestNode sender = node(new RecordingSink());
                TestNode node = new TestNode(RedisServerExtension.details(proxy.port()), sink).awaitReady()) {
            node.acquire(USER);
            node.backplane.onRequest(RequestKind.DISCONNECT, (request, answer) -> answer.accept(request.body()));
            node.backplane.beforeRepair(this::step);
            assertThat(TestNode.get(ask(sender, Duration.ofSeconds(5))).areComplete()).isTrue();
            proxy.freezeThoseThatSent("SUBSCRIBE");
            Answers answers = TestNode.get(ask(sender, Duration.ofMillis(200)));
            assertThat(answers.bodies()).isEmpty();
            assertThat(answers.areComplete()).isFalse();
            await().until(() -> !steps.isEmpty());
            steps.getFirst().complete(null);
            node.awaitReady();
            await().untilAsserted(() -> assertThat(TestNode.get(ask(sender, Duration.ofMillis(200))).bodies()).hasSize(1));
        }
    }

    @Test
    void whenAStepFailsOrDoesNotEndThenTheRepairGoesOnWithoutIt() throws IOException {
        try (TestNode sender = node(new RecordingSink()); TestNode node = node(sink)) {
            node.acquire(USER);
            node.backplane.beforeRepair(() -> {
                throw new IllegalStateException("a bug");
            });
            node.backplane.beforeRepair(() -> CompletableFuture.failedFuture(new BackplaneUnavailableException("away")));
            node.backplane.beforeRepair(this::step); // never ends
            lose();
            long id = sender.sendAccepted(USER, "1").id();
            await().untilAsserted(() -> assertThat(sink.ids()).containsExactly(id));
        }
    }

    @Test
    void whenTheConnectionIsLostAgainDuringAStepThenItIsTakenAgain() throws IOException {
        try (TestNode sender = node(new RecordingSink()); TestNode node = node(sink)) {
            node.acquire(USER);
            node.backplane.beforeRepair(this::step);
            for (int i = 1; i <= 3; i++) {
                int lost = i;
                redis.redis().clientKill(KillArgs.Builder.typePubsub());
                await().until(() -> steps.size() == lost);
            }
            steps.getLast().complete(null);
            node.awaitReady();
            long id = sender.sendAccepted(USER, "1").id();
            await().untilAsserted(() -> assertThat(sink.ids()).containsExactly(id));
        }
    }

    private CompletableFuture<Void> step() {
        steps.add(new CompletableFuture<>());
        return steps.getLast();
    }

    private void lose() {
        redis.redis().clientKill(KillArgs.Builder.typePubsub());
        await().until(() -> !steps.isEmpty());
    }

    private static CompletableFuture<Answers> ask(TestNode asker, Duration timeout) {
        return asker.backplane.ask(USER, RequestKind.DISCONNECT, "x".getBytes(UTF_8), timeout);
    }

    private TestNode node(RecordingSink into) {
        return new TestNode(redis.details(), into).awaitReady();
    }
}
