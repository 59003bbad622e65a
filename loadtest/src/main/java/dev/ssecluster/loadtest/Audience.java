package dev.ssecluster.loadtest;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** The open streams of a run. One thread opens it and waits. */
final class Audience implements AutoCloseable {

    private static final Duration TO_OPEN = Duration.ofSeconds(15);
    private static final Duration QUIET = Duration.ofSeconds(5); // what has not come after such a silence is lost
    private static final Duration FOR_REPETITIONS = Duration.ofMillis(300); // what comes twice comes after what was expected
    private static final Duration POLL = Duration.ofMillis(20);

    private final Options options;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final List<EventSource> sources = new ArrayList<>();

    private Audience(Options options) {
        this.options = options;
    }

    /** Streams did not open. */
    static final class NotOpenedException extends Exception {

        private static final long serialVersionUID = 1;

        NotOpenedException(String message) {
            super(message);
        }
    }

    /** Returns when each stream has said {@code connected}. */
    static Audience open(HttpClient http, Options options, Plan plan) throws NotOpenedException, InterruptedException {
        Audience audience = new Audience(options);
        for (Subscriber subscriber : plan.subscribers()) {
            Subscription subscription = new Subscription(subscriber, plan.eventType());
            audience.subscriptions.add(subscription);
            audience.sources.add(new EventSource(
                    http, options.nodes().get(subscriber.node()).resolve("/api/v1/sse" + subscriber.path()), subscription).start());
        }
        try {
            audience.awaitConnected();
        } catch (NotOpenedException | InterruptedException e) {
            audience.close();
            throw e;
        }
        return audience;
    }

    private void awaitConnected() throws NotOpenedException, InterruptedException {
        long end = System.nanoTime() + TO_OPEN.toNanos();
        for (int i = 0; i < sources.size(); i++) {
            while (!subscriptions.get(i).awaitConnected(POLL.toNanos())) {
                if (sources.get(i).failure() != null || System.nanoTime() - end > 0) {
                    throw new NotOpenedException(whyNot(i));
                }
            }
        }
    }

    private String whyNot(int index) {
        EventSource source = sources.get(index);
        String reason = source.failure() != null ? "refused with " + source.failure()
                : subscriptions.get(index).goaway() != null ? "sent away with " + subscriptions.get(index).goaway()
                : source.connections() > 0 ? "no event \"connected\"" : "cannot connect";
        return "a stream on " + options.nodes().get(subscriptions.get(index).subscriber().node()) + " did not open: " + reason;
    }

    /** Waits until as much has arrived as was accepted, or nothing more comes. */
    void awaitArrivals(Ledger ledger) {
        Map<Target, BitSet> accepted = ledger.accepted();
        long expected = subscriptions.stream().mapToLong(subscription -> expected(subscription, accepted)).sum();
        long received = received();
        long progress = System.nanoTime();
        while (received < expected && System.nanoTime() - progress < QUIET.toNanos()) {
            LockSupport.parkNanos(POLL.toNanos());
            long now = received();
            progress = now > received ? System.nanoTime() : progress;
            received = now;
        }
        LockSupport.parkNanos(FOR_REPETITIONS.toNanos());
    }

    private long received() {
        return subscriptions.stream().mapToLong(Subscription::received).sum();
    }

    private static int expected(Subscription subscription, Map<Target, BitSet> accepted) {
        return subscription.subscriber().targets().stream()
                .mapToInt(target -> accepted.getOrDefault(target, new BitSet()).cardinality()).sum();
    }

    List<Subscription> subscriptions() {
        return subscriptions;
    }

    int reconnections() {
        return sources.stream().mapToInt(source -> Math.max(0, source.connections() - 1)).sum();
    }

    int resets() {
        return subscriptions.stream().mapToInt(Subscription::resets).sum();
    }

    @Override
    public void close() {
        sources.forEach(EventSource::close);
    }
}
