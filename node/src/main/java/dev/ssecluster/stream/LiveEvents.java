package dev.ssecluster.stream;

import dev.ssecluster.event.EventClock;

/**
 * What is delivered to one shard's streams within a turn. While all of it is one {@link EventRun}, the run's idle streams are
 * written to at the end of the turn at once, without a queue; when something else comes between, it is queued. Only the shard's
 * thread calls this.
 */
final class LiveEvents {

    private final int index;
    private final Outbox outbox;
    private final EventClock clock;
    private final EventRun run = new EventRun(Outbox.GATHER_LIMIT);
    private boolean spilled;

    LiveEvents(int index, Outbox outbox, EventClock clock) {
        this.index = index;
        this.outbox = outbox;
        this.clock = clock;
    }

    void add(EncodedEvent event, Topic topic) {
        if (!run.accepts(event, topic)) {
            spill();
        }
        run.add(event, topic);
    }

    /** Queues what was delivered in this turn, because something comes that must stay behind it. */
    void spill() {
        if (run.isEmpty()) {
            return;
        }
        spilled = true;
        Topic.Members members = run.topic().members(index);
        for (int i = members.size() - 1; i >= 0; i--) {
            enqueueRun(members.get(i)); // backwards: closing a stream moves the last one to its place
        }
        run.clear();
    }

    void endTurn(long now) {
        if (spilled || run.hasExpired(clock)) {
            spill();
        } else {
            writeRun(now);
        }
        spilled = false;
    }

    private void writeRun(long now) {
        if (run.isEmpty()) {
            return;
        }
        int length = outbox.prepare(run);
        Topic.Members members = run.topic().members(index);
        for (int i = members.size() - 1; i >= 0; i--) {
            writeRunTo(members.get(i), length, now);
        }
        run.clear();
    }

    private void writeRunTo(Stream stream, int length, long now) {
        if (stream.isIdle() && !stream.envelope && !stream.reaches(run.firstId()) && takesAll(stream)) {
            outbox.writeRun(stream, run, length, now);
        } else {
            enqueueRun(stream);
        }
    }

    private boolean takesAll(Stream stream) {
        if (stream.memberships().takesEverything()) {
            return true;
        }
        for (EncodedEvent event : run.events()) {
            if (!stream.memberships().takes(event.event())) {
                return false;
            }
        }
        return true;
    }

    private void enqueueRun(Stream stream) {
        for (EncodedEvent event : run.events()) {
            SseFrame frame = event.frame(stream.envelope);
            if (!stream.isClosed() && !stream.predates(frame) && stream.memberships().takes(event.event())) {
                outbox.enqueue(stream, frame);
            }
        }
    }
}
