package dev.ssecluster.loadtest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Records what the stream of a subscriber brings. Thread-safe. */
final class Subscription implements EventSource.Listener {

    private final Subscriber subscriber;
    private final String eventType;
    private final CountDownLatch connected = new CountDownLatch(1);
    private final List<Receipt> receipts = new ArrayList<>(); // guarded by itself
    private volatile int resets;
    private volatile @Nullable String goaway;

    /** Of the publishers' events only those of {@code eventType} are recorded: others may use the cluster, too. */
    Subscription(Subscriber subscriber, String eventType) {
        this.subscriber = subscriber;
        this.eventType = eventType;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // called by one thread
    public void onEvent(SseParser.Received event, long nanos) {
        if (event.type().equals(eventType)) {
            add(Receipt.of(event, nanos));
        }
        switch (event.type()) {
            case "connected" -> connected.countDown();
            case "sse.reset" -> resets++;
            case "sse.goaway" -> goaway = event.data();
            default -> {
                // heartbeats, and events of others
            }
        }
    }

    private void add(Receipt receipt) {
        synchronized (receipts) {
            receipts.add(receipt);
        }
    }

    boolean awaitConnected(long nanos) throws InterruptedException {
        return connected.await(nanos, TimeUnit.NANOSECONDS);
    }

    Subscriber subscriber() {
        return subscriber;
    }

    List<Receipt> receipts() {
        synchronized (receipts) {
            return List.copyOf(receipts);
        }
    }

    int received() {
        synchronized (receipts) {
            return receipts.size();
        }
    }

    /** How often the server said that events may be missing. */
    int resets() {
        return resets;
    }

    /** What the server said when it last sent the stream away. */
    @Nullable String goaway() {
        return goaway;
    }
}
