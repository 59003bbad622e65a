package dev.ssecluster.backplane;

import dev.ssecluster.event.Target;
import dev.ssecluster.metric.MeterNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** One node asks three, itself among them. */
class AskIT {

    private static final Target GROUP = Target.group("g");
    private static final Duration LONG = Duration.ofSeconds(5);
    private static final Duration SHORT = Duration.ofMillis(300);

    @RegisterExtension
    static final RedisServerExtension redis = new RedisServerExtension();

    private final RecordingSink sink = new RecordingSink();
    private final List<TestNode> nodes = new ArrayList<>();
    private final List<Consumer<byte[]>> unanswered = new CopyOnWriteArrayList<>();

    @BeforeEach
    void ready() {
        for (int i = 0; i < 3; i++) {
            nodes.add(new TestNode(redis.details(), i == 2 ? sink : new RecordingSink()));
        }
        nodes.forEach(TestNode::awaitReady);
        for (int i = 0; i < 3; i++) {
            answers(i, Integer.toString(i));
        }
    }

    @AfterEach
    void close() {
        nodes.forEach(TestNode::close);
    }

    @Test
    void whenAskedThenEveryNodeThatHasTheChannelAnswersAndNoOther() {
        assertThat(ask(LONG)).isEqualTo(new Answers(List.of(), 0));
        nodes.get(0).acquire(GROUP);
        nodes.get(2).acquire(GROUP);
        Answers answers = ask(LONG);
        assertThat(texts(answers)).containsExactlyInAnyOrder("0 who?", "2 who?");
        assertThat(answers.areComplete()).isTrue();
        assertThat(asks("complete")).isEqualTo(2);
    }

    @Test
    void whenTwoAskAtTheSameTimeThenEachGetsItsOwnAnswers() {
        acquireAll();
        List<CompletableFuture<Answers>> asked = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            byte[] body = Integer.toString(i).getBytes(UTF_8);
            asked.add(nodes.get(i % 2).backplane.ask(GROUP, RequestKind.MEMBERS, body, LONG));
        }
        for (int i = 0; i < 50; i++) {
            assertThat(texts(TestNode.get(asked.get(i)))).containsExactlyInAnyOrder("0 " + i, "1 " + i, "2 " + i);
        }
    }

    @Test
    void whenANodeDoesNotAnswerThenItEndsWithTheOthersAnswersAndALateOneIsNotHeard() {
        acquireAll();
        nodes.get(1).backplane.onRequest(RequestKind.MEMBERS, (_, answer) -> unanswered.add(answer));
        Answers answers = ask(SHORT);
        assertThat(texts(answers)).containsExactlyInAnyOrder("0 who?", "2 who?");
        assertThat(answers.asked()).isEqualTo(3);
        assertThat(answers.areComplete()).isFalse();
        assertThat(asks("incomplete")).isEqualTo(1);

        CompletableFuture<Answers> next = nodes.getFirst().backplane.ask(GROUP, RequestKind.MEMBERS, new byte[0], LONG);
        await().until(() -> unanswered.size() == 2);
        unanswered.get(0).accept("too late".getBytes(UTF_8));
        unanswered.get(1).accept("in time".getBytes(UTF_8));
        assertThat(texts(TestNode.get(next))).containsExactlyInAnyOrder("0 ", "in time", "2 ");
    }

    @Test
    void whenANodeAnswersTwiceThenItCountsOnce() {
        acquireAll();
        nodes.get(1).backplane.onRequest(RequestKind.MEMBERS, (_, _) -> {});
        nodes.get(2).backplane.onRequest(RequestKind.MEMBERS, (_, answer) -> {
            answer.accept("first".getBytes(UTF_8));
            answer.accept("second".getBytes(UTF_8));
        });
        Answers answers = ask(SHORT);
        assertThat(texts(answers)).containsExactlyInAnyOrder("0 who?", "first");
        assertThat(answers.areComplete()).isFalse();
    }

    @Test
    void whenNobodyAnswersThatKindThenItEndsWithTheTime() {
        nodes.get(2).acquire(GROUP);
        assertThat(TestNode.get(nodes.getFirst().backplane.ask(GROUP, RequestKind.DISCONNECT, new byte[0], SHORT)).asked()).isEqualTo(1);
    }

    @Test
    void whenEventsAndRequestsAreSentThenTheyComeInOrder() {
        nodes.get(2).acquire(GROUP);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            expected.add("event " + nodes.getFirst().sendAccepted(GROUP, "1").id());
            var _ = ask(LONG);
            expected.add("asked");
        }
        assertThat(sink.calls).isEqualTo(expected);
    }

    @Test
    void whenRedisStandsStillThenItFailsInTimeAndNobodyIsAskedLater() {
        nodes.get(2).acquire(GROUP);
        redis.pause();
        try {
            assertThatThrownBy(() -> ask(SHORT)).isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(BackplaneUnavailableException.class);
        } finally {
            redis.resume();
        }
        nodes.forEach(TestNode::awaitReady);
        long id = nodes.getFirst().sendAccepted(GROUP, "1").id();
        await().until(() -> sink.ids().contains(id));
        assertThat(sink.calls).doesNotContain("asked");
        assertThat(asks("failed")).isEqualTo(1);
    }

    /** The last one writes down when it is asked. */
    private void answers(int node, String name) {
        nodes.get(node).backplane.onRequest(RequestKind.MEMBERS, (request, answer) -> {
            assertThat(request.target()).isEqualTo(GROUP);
            if (node == 2) {
                sink.calls.add("asked");
            }
            answer.accept((name + " " + new String(request.body(), UTF_8)).getBytes(UTF_8));
        });
    }

    private void acquireAll() {
        nodes.forEach(node -> node.acquire(GROUP));
    }

    private Answers ask(Duration timeout) {
        return TestNode.get(nodes.getFirst().backplane.ask(GROUP, RequestKind.MEMBERS, "who?".getBytes(UTF_8), timeout));
    }

    private double asks(String result) {
        return nodes.getFirst().meters.timer(MeterNames.BACKPLANE_ASK, "result", result).count();
    }

    private static List<String> texts(Answers answers) {
        return answers.bodies().stream().map(body -> new String(body, UTF_8)).toList();
    }
}
