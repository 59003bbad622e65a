package dev.ssecluster.publish;

import dev.ssecluster.backplane.Answers;
import dev.ssecluster.backplane.Backplane;
import dev.ssecluster.backplane.Publication;
import dev.ssecluster.backplane.Publication.IdempotencyKey;
import dev.ssecluster.backplane.PublishResult;
import dev.ssecluster.backplane.RequestHandler;
import dev.ssecluster.backplane.RequestKind;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.test.MemoryJournal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Remembers what is published, and the idempotency keys, in memory. */
final class RecordingBackplane implements Backplane {

    static final long FIRST_ID = 1_795_345_331_200_870L;

    private final AtomicLong ids = new AtomicLong(FIRST_ID);
    private final List<Publication> published = new ArrayList<>();
    private final Map<String, First> keys = new HashMap<>();
    private final boolean recording;
    private final MemoryJournal journal;
    private volatile @Nullable PublishResult answer;
    private volatile boolean broken;
    private int calls;

    RecordingBackplane(boolean recording, MemoryJournal journal) {
        this.recording = recording;
        this.journal = journal;
    }

    @Override
    public CompletableFuture<List<PublishResult>> publish(List<Publication> messages) {
        if (broken) {
            throw new IllegalStateException("a secret of the node");
        }
        if (!recording) {
            return CompletableFuture.completedFuture(messages.stream().<PublishResult>map(_ -> accepted()).toList());
        }
        synchronized (this) {
            calls++;
            return CompletableFuture.completedFuture(messages.stream().map(this::record).toList());
        }
    }

    @Override
    public CompletableFuture<Answers> ask(Target target, RequestKind kind, byte[] body, Duration timeout) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onRequest(RequestKind kind, RequestHandler handler) {}

    @Override
    public void beforeRepair(Supplier<CompletableFuture<Void>> step) {}

    private PublishResult record(Publication message) {
        if (answer != null) {
            return answer;
        }
        IdempotencyKey key = message.idempotencyKey();
        First first = key == null ? null : keys.get(key.key());
        return key != null && first != null ? repeat(first, key) : accept(message, key);
    }

    private PublishResult accept(Publication message, @Nullable IdempotencyKey key) {
        published.add(message);
        PublishResult.Accepted accepted = accepted();
        if (message.persisted()) {
            journal.append(new Event(accepted.id(), message.target(), message.priority(), true,
                    accepted.id() + message.ttlSeconds() * 1_000_000, message.type(), message.data()));
        }
        if (key != null) {
            keys.put(key.key(), new First(key.body(), accepted.id()));
        }
        return accepted;
    }

    private PublishResult repeat(First first, IdempotencyKey key) {
        return first.body.equals(key.body())
                ? new PublishResult.Accepted(first.id, first.id, 2, true, journal.epoch())
                : new PublishResult.KeyReused();
    }

    private PublishResult.Accepted accepted() {
        long id = ids.incrementAndGet();
        return new PublishResult.Accepted(id, id, 2, false, journal.epoch());
    }

    private record First(String body, long id) {}

    synchronized void reset() {
        published.clear();
        keys.clear();
        calls = 0;
        answer = null;
        broken = false;
        journal.clear();
    }

    void answerAlways(PublishResult result) {
        answer = result;
    }

    /** Behaves as the contract forbids, like a fault in the node. */
    void breakDown() {
        broken = true;
    }

    synchronized List<Publication> published() {
        return List.copyOf(published);
    }

    synchronized int calls() {
        return calls;
    }

    @Override
    public CompletableFuture<Void> acquire(Collection<Target> targets) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void release(Collection<Target> targets) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Long> fence() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isReady() {
        return true;
    }
}
