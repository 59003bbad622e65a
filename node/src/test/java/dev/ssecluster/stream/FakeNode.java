package dev.ssecluster.stream;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Stands for Redis and the connection to it: numbers events, keeps them, and hands those of the channels that are subscribed over
 * later, in order, on a thread of its own.
 */
final class FakeNode {

    private final Streams streams;
    private final NavigableMap<Long, Event> published = new ConcurrentSkipListMap<>();
    private final Map<Target, Integer> channels = new HashMap<>(); // guarded by this, as seq
    private final LinkedBlockingQueue<Runnable> wire = new LinkedBlockingQueue<>();
    private final Thread loop = Thread.ofPlatform().name("loop").daemon().unstarted(this::handOver);
    private volatile boolean running = true;
    private long seq = 1_000;

    FakeNode(Streams streams) {
        this.streams = streams;
        loop.start();
    }

    private void handOver() {
        try {
            while (running) {
                wire.take().run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized long publish(Target target, int priority, String type) {
        Event event = new Event(++seq, target, Priority.ofLevel(priority), false, 0, type, "1".getBytes(UTF_8));
        published.put(seq, event);
        if (channels.containsKey(target)) {
            wire.add(() -> streams.onEvent(event));
        }
        return seq;
    }

    synchronized void probe() {
        long id = ++seq;
        wire.add(() -> streams.onProbe(id));
    }

    /** Completes on the connection's thread, behind everything published before, with the last id at the moment. */
    synchronized CompletableFuture<Long> ask(Consumer<Long> handler) {
        CompletableFuture<Long> asked = new CompletableFuture<>();
        long id = seq;
        wire.add(() -> {
            handler.accept(id);
            asked.complete(id);
        });
        return asked;
    }

    /** Subscribed and acknowledged, when this returns. */
    synchronized void acquire(Collection<Target> targets) {
        targets.forEach(target -> channels.merge(target, 1, Integer::sum));
    }

    synchronized void release(Collection<Target> targets) {
        targets.forEach(target -> channels.computeIfPresent(target, (_, users) -> users == 1 ? null : users - 1));
    }

    synchronized Map<Target, Integer> channels() {
        return Map.copyOf(channels);
    }

    /** The last id. */
    synchronized long fence() {
        return seq;
    }

    /** What was published to these targets above one id, up to another. */
    List<Event> read(Collection<Target> targets, long after, long upTo) {
        return published.subMap(after, false, upTo, true).values().stream().filter(event -> targets.contains(event.target())).toList();
    }

    void end() throws InterruptedException {
        wire.add(() -> running = false);
        loop.join();
    }
}
