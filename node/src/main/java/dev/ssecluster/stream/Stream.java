package dev.ssecluster.stream;

import dev.ssecluster.event.Target;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One open event stream. Everything but the final fields belongs to its shard's thread: other threads only put work into the
 * shard's inbox.
 *
 * <p>Life: <b>attaching</b> (registered with its topics; events queue, because the fence is not known yet), <b>open</b> (has
 * a sink), <b>closed</b>. An event with an id up to the fence is discarded forever: it was accepted before the stream began.
 */
public final class Stream implements SinkListener {

    private enum State {
        ATTACHING,
        OPEN,
        CLOSED
    }

    final boolean envelope;
    final boolean heartbeatEvents;
    private final Shard shard;
    private final Topic[] topics;
    private final int[] memberIndexes; // this stream's place in each topic's members
    private State state = State.ATTACHING;

    final Positions positions = new Positions(0);
    private long fence;
    private @Nullable Sink sink;
    @Nullable Backlog backlog;
    boolean dirty;
    boolean writing;
    boolean watched;
    int unwritten;
    long progressNanos;
    @Nullable List<Stream> wheelSlot;
    int wheelIndex;

    Stream(Shard shard, List<Topic> topics, StreamOptions options) {
        this.shard = shard;
        this.topics = topics.toArray(Topic[]::new);
        this.memberIndexes = new int[this.topics.length];
        this.envelope = options.envelope();
        this.heartbeatEvents = options.heartbeatEvents();
    }

    Shard shard() {
        return shard;
    }

    Topic[] topics() {
        return topics;
    }

    List<Target> targets() {
        List<Target> targets = new ArrayList<>(topics.length);
        for (Topic topic : topics) {
            targets.add(topic.target());
        }
        return targets;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** Open, nothing waits and nothing is being written. */
    boolean isIdle() {
        return state == State.OPEN && backlog == null && !writing;
    }

    void open(Sink opened, long from) {
        sink = opened;
        fence = from;
        positions.raiseAll(from);
        state = State.OPEN;
    }

    /** Whether the event was accepted before this stream began; such a one is never delivered. */
    boolean predates(SseFrame frame) {
        return !frame.isControl() && frame.id() <= fence;
    }

    void close() {
        state = State.CLOSED;
        backlog = null;
        if (sink != null) {
            sink.close();
        }
    }

    Sink sink() {
        if (sink == null) {
            throw new IllegalStateException("only an open stream has a sink");
        }
        return sink;
    }

    void joinTopics(int shardIndex) {
        for (int i = 0; i < topics.length; i++) {
            memberIndexes[i] = topics[i].members(shardIndex).add(this);
        }
    }

    void leaveTopics(int shardIndex) {
        for (int i = 0; i < topics.length; i++) {
            Stream moved = topics[i].members(shardIndex).remove(memberIndexes[i]);
            if (moved != null) {
                moved.movedTo(topics[i], memberIndexes[i]);
            }
        }
    }

    private void movedTo(Topic topic, int index) {
        for (int i = 0; i < topics.length; i++) {
            if (topics[i] == topic) {
                memberIndexes[i] = index;
                return;
            }
        }
    }

    @Override
    public void onWritten() {
        shard.post(owner -> owner.written(this));
    }

    @Override
    public void onClosed() {
        shard.close(this, CloseReason.CLIENT);
    }
}
