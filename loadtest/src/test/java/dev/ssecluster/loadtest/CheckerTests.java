package dev.ssecluster.loadtest;

import dev.ssecluster.loadtest.SseParser.Received;
import dev.ssecluster.loadtest.Target.Kind;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A perfect record of a run first; then one thing in it is made wrong. */
class CheckerTests {

    private static final long FIRST_ID = 1_795_345_329_187_213L;

    private final Plan plan = new Plan("x", new Options(List.of(URI.create("http://[::1]:1")), 120, 1, 6));
    private final Ledger ledger = new Ledger(plan);
    private final Map<Subscriber, List<Integer>> deliveries = plan.subscribers().stream()
            .collect(Collectors.toMap(each -> each, this::eventsFor, (one, other) -> one, LinkedHashMap::new));
    private final Subscriber someone = plan.subscribers().getFirst();

    @BeforeEach
    void accept() {
        for (int number = 0; number < plan.events(); number++) {
            ledger.sent(number, 0);
            ledger.accepted(number, FIRST_ID + number);
        }
    }

    private List<Integer> eventsFor(Subscriber subscriber) {
        return new ArrayList<>(IntStream.range(0, plan.events())
                .filter(number -> subscriber.targets().contains(plan.send(number).target())).boxed().toList());
    }

    private List<Integer> ofSomeone() {
        return Objects.requireNonNull(deliveries.get(someone));
    }

    private int one(Kind kind, int priority) {
        return ofSomeone().stream().filter(n -> plan.send(n).target().kind() == kind && plan.send(n).priority() == priority)
                .findFirst().orElseThrow();
    }

    private Tally check(Kind kind) {
        return check(kind, deliveries.entrySet().stream().map(e -> subscription(e.getKey(), e.getValue())).toList());
    }

    private Tally check(Kind kind, List<Subscription> subscriptions) {
        return Objects.requireNonNull(Checker.check(ledger, subscriptions).get(kind));
    }

    private Tally checkAll() {
        Tally all = new Tally();
        for (Kind kind : Kind.values()) {
            all.add(check(kind));
        }
        return all;
    }

    private Subscription subscription(Subscriber subscriber, List<Integer> numbers) {
        Subscription subscription = new Subscription(subscriber, plan.eventType());
        subscription.onEvent(new Received("connected", "{}", "1"), 0);
        for (int number : numbers) {
            String id = FIRST_ID + number + (plan.send(number).priority() == 2 ? "~1-2-3" : "");
            subscription.onEvent(new Received(plan.eventType(), Integer.toString(number), id), 1_000_000);
        }
        return subscription;
    }

    @Test
    void whenAllArrivedOnceInOrderThenAllIsGood() {
        Tally all = checkAll();
        assertThat(all.isClean()).isTrue();
        assertThat(all.accepted).isEqualTo(120);
        assertThat(all.received).isEqualTo(all.expected).isEqualTo(deliveries.values().stream().mapToLong(List::size).sum());
        assertThat(all.latencyMillis(0.5)).isEqualTo(1);
    }

    @Test
    void whenOneIsMissingOnOneStreamThenOneIsLost() {
        for (Kind kind : Kind.values()) {
            Integer missing = one(kind, 0);
            ofSomeone().removeIf(missing::equals);
            assertThat(check(kind)).returns(1L, t -> t.lost).returns(0L, t -> t.duplicate).returns(0L, t -> t.outOfOrder);
            assertThat(checkAll().isClean()).isFalse();
            ofSomeone().add(missing);
            Collections.sort(ofSomeone());
        }
    }

    @Test
    void whenAStreamBroughtNothingThenEverythingForItIsLost() {
        int expected = ofSomeone().size();
        ofSomeone().clear();
        assertThat(checkAll().lost).isEqualTo(expected);
    }

    @Test
    void whenOneCameTwiceThenItIsADuplicateAndNothingElse() {
        ofSomeone().add(one(Kind.USER, 1));
        assertThat(check(Kind.USER)).returns(1L, t -> t.duplicate).returns(0L, t -> t.lost).returns(0L, t -> t.outOfOrder);
        assertThat(check(Kind.GROUP).isClean()).isTrue();
    }

    @Test
    void whenALaterOneOfTheSamePriorityCameFirstThenTheOrderIsWrong() {
        Integer first = one(Kind.BROADCAST, 0);
        ofSomeone().removeIf(first::equals);
        ofSomeone().add(first);
        assertThat(check(Kind.BROADCAST)).returns(1L, t -> t.outOfOrder).returns(0L, t -> t.lost).returns(0L, t -> t.duplicate);
    }

    @Test
    void whenAMoreUrgentOneOvertookThenTheOrderIsRight() {
        ofSomeone().sort(Comparator.<Integer>comparingInt(n -> -plan.send(n).priority()).thenComparing(n -> n));
        assertThat(checkAll().isClean()).isTrue();
    }

    @Test
    void whenOneCameToAStreamItWasNotForThenItIsUnexpected() {
        int foreign = IntStream.range(0, plan.events()).filter(n -> !ofSomeone().contains(n)).findFirst().orElseThrow();
        ofSomeone().add(foreign);
        assertThat(checkAll()).returns(1L, t -> t.unexpected).returns(0L, t -> t.outOfOrder);
    }

    @Test
    void whenARefusedOneCameThenItIsUnexpectedButOneWithoutAnswerIsNot() {
        int number = one(Kind.CLIENT, 0);
        ledger.accepted(number, 0);
        assertThat(checkAll().isClean()).isTrue();
        ledger.refused(number);
        assertThat(check(Kind.CLIENT).unexpected).isPositive();
    }

    @Test
    void whenOneWithoutAnswerDidNotComeThenNothingIsLost() {
        int number = one(Kind.BROADCAST, 0);
        ledger.accepted(number, 0);
        deliveries.values().forEach(numbers -> numbers.removeIf(each -> each == number));
        assertThat(checkAll().isClean()).isTrue();
    }

    @Test
    void whenAnIdIsNotTheAcceptedOneThenItIsUnexpectedAndTheEventLost() {
        ledger.accepted(one(Kind.USER, 2), 5);
        assertThat(check(Kind.USER)).satisfies(t -> assertThat(t.unexpected).isPositive().isEqualTo(t.lost));
    }

    @Test
    void whenDataIsNoNumberOfThisRunThenItIsUnexpected() {
        Subscription garbled = new Subscription(someone, plan.eventType());
        for (String data : List.of("120", "-1", "1.0", "", "99999999999")) {
            garbled.onEvent(new Received(plan.eventType(), data, "1"), 0);
        }
        garbled.onEvent(new Received("other", "x", "1"), 0);
        assertThat(check(Kind.BROADCAST, List.of(garbled)).unexpected).isEqualTo(5);
    }

    @Test
    void whenLatenciesVaryThenSharesAreFound() {
        Tally tally = new Tally();
        IntStream.rangeClosed(1, 1_000).map(i -> 1_001 - i).forEach(i -> tally.latency(i * 1_000_000L));
        assertThat(new double[] {tally.latencyMillis(0.5), tally.latencyMillis(0.99), tally.latencyMillis(1)}).containsExactly(500, 990, 1_000);
        assertThat(new Tally().latencyMillis(0.5)).isNaN();
    }
}
