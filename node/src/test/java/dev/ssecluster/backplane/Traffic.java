package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Sends at random until it is told to stop, and stores what is persisted, as a node does. */
final class Traffic implements AutoCloseable {

    static final List<Target> TARGETS = List.of(
            Target.user("u1"), Target.user("u2"), Target.user("u3"), Target.client("c1"), Target.client("c2"),
            Target.group("g1"), Target.group("g2"), Target.group("g3"), Target.BROADCAST);

    final NavigableMap<Long, Sent> accepted = new ConcurrentSkipListMap<>();
    final Set<String> uncertain = ConcurrentHashMap.newKeySet();
    private final TestNode node;
    private final StoredInMemory stored;
    private final AtomicInteger number = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> senders = new ArrayList<>();
    private volatile boolean isStopped;

    /** What was accepted, and when that was known, by {@link System#nanoTime}. */
    record Sent(Target target, boolean persisted, String epoch, long time) {}

    Traffic(TestNode node, StoredInMemory stored, int senders, long seed) {
        this.node = node;
        this.stored = stored;
        for (int i = 0; i < senders; i++) {
            Random random = new Random(seed + i);
            this.senders.add(threads.submit(() -> run(random)));
        }
    }

    /** Returns when nothing is under way any more. */
    Traffic stop() throws InterruptedException, ExecutionException, TimeoutException {
        isStopped = true;
        for (Future<?> sender : senders) {
            sender.get(20, TimeUnit.SECONDS);
        }
        return this;
    }

    long lastAccepted() {
        return accepted.isEmpty() ? 0 : accepted.lastKey();
    }

    @Override
    public void close() {
        isStopped = true;
        threads.shutdownNow();
    }

    private void run(Random random) {
        while (!isStopped) {
            List<Publication> messages = new ArrayList<>();
            for (int i = 1 + random.nextInt(5); i > 0; i--) {
                byte[] data = Integer.toString(number.incrementAndGet()).getBytes(UTF_8);
                Target target = TARGETS.get(random.nextInt(TARGETS.size()));
                messages.add(new Publication(target, "note", Priority.NORMAL, data, random.nextInt(4) == 0, 0, null));
            }
            List<PublishResult> results = TestNode.get(node.backplane.publish(messages));
            long time = System.nanoTime();
            for (int i = 0; i < messages.size(); i++) {
                took(messages.get(i), results.get(i), time);
            }
        }
    }

    private void took(Publication message, PublishResult result, long time) {
        String data = new String(message.data(), UTF_8);
        switch (result) {
            case PublishResult.Accepted(long id, long _, int _, boolean _, String epoch) -> {
                if (!message.persisted() || isStored(message, id, epoch)) {
                    Sent before = accepted.put(id, new Sent(message.target(), message.persisted(), epoch, time));
                    if (before != null) {
                        throw new AssertionError("The id " + id + " was issued twice, before to " + before);
                    }
                } else {
                    uncertain.add(data);
                }
            }
            case PublishResult.Unknown _ -> uncertain.add(data);
            default -> {}
        }
    }

    /** Answered with 200: its entry was in the journal until its row was committed. */
    private boolean isStored(Publication message, long id, String epoch) {
        Event event = new Event(id, message.target(), message.priority(), true, 0, message.type(), message.data());
        stored.rows.put(id, event);
        try {
            Journal.Removal removal = TestNode.get(node.backplane.journal().remove(List.of(event))).getFirst();
            return removal.found() || (!removal.mayBeLost() && removal.epoch().equals(epoch));
        } catch (RuntimeException e) {
            return false; // Redis is away; a node would ask again
        }
    }
}
