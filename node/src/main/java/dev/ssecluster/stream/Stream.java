package dev.ssecluster.stream;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One open event stream. Everything but the final fields belongs to its shard's thread: other threads only put work into the
 * shard's inbox.
 *
 * <p>It is registered with its topics first: from then on live events are held back. Then it <b>begins</b>: the replay's first
 * read has told the fence, up to which the replay goes; a live event with an id up to it is discarded forever. In any order after
 * that it is <b>opened</b>, when its first bytes are written, and goes <b>live</b>, when all of the replay is queued.
 */
public final class Stream implements SinkListener {

    private static final int NEVER_TOLD = -1;

    private enum State {
        ATTACHING,
        OPEN,
        CLOSED
    }

    final boolean envelope;
    final boolean heartbeatEvents;
    private final boolean wantsUnread;
    private final byte owners;
    private final Shard shard;
    private final Topic[] topics;
    private final int[] memberIndexes; // this stream's place in each topic's members
    private State state = State.ATTACHING;

    final Positions positions = new Positions(0);
    private long fence;
    private @Nullable Sink sink;
    private @Nullable ServedSpan served;
    private @Nullable CompletableFuture<Boolean> room;
    private long missingUpTo; // up to this id persisted events may have been missed; 0: none
    private int unreadTold = NEVER_TOLD;
    @Nullable Backlog backlog;
    @Nullable Backlog held;
    boolean live;
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
        this.wantsUnread = options.unread();
        this.owners = (byte) options.owners();
    }

    Shard shard() {
        return shard;
    }

    Topic[] topics() {
        return topics;
    }

    List<Target> targets() {
        return targets(topics.length);
    }

    private List<Target> targets(int count) {
        List<Target> targets = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            targets.add(topics[i].target());
        }
        return targets;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** Open and live, nothing waits and nothing is being written. */
    boolean isIdle() {
        return state == State.OPEN && live && backlog == null && !writing;
    }

    void begin(Cursor start, Cursor servedFrom, long upTo, long doubtNanos) {
        positions.startAt(start);
        fence = upTo;
        if (owners > 0) {
            served = new ServedSpan(servedFrom, doubtNanos, System.nanoTime());
            if (missingUpTo > 0) {
                served.breakOff();
            }
        }
        if (held != null) {
            held.discardUpTo(upTo);
        }
    }

    void open(Sink opened) {
        sink = opened;
        state = State.OPEN;
    }

    /** Whether the event is part of the replay, or was accepted before this stream began; it is not delivered as a live one. */
    boolean predates(SseFrame frame) {
        return !frame.isControl() && frame.id() <= fence;
    }

    /** Whether the fence or a position is at or above {@code id}. */
    boolean reaches(long id) {
        return fence >= id || positions.highest() >= id;
    }

    int queuedBytes() {
        return (backlog == null ? 0 : backlog.bytes()) + (held == null ? 0 : held.bytes());
    }

    /** Whether the stream's client asked for the count and was not told this one. */
    boolean learnsUnread(int count) {
        boolean learns = wantsUnread && unreadTold != count;
        if (learns) {
            unreadTold = count;
        }
        return learns;
    }

    boolean wantsUnread() {
        return wantsUnread;
    }

    /** Completes {@code future} once nothing waits any more, with whether the stream goes on. */
    void awaitRoom(CompletableFuture<Boolean> future) {
        if (isClosed()) {
            future.complete(false);
        } else if (backlog == null) {
            future.complete(true);
        } else {
            room = future;
        }
    }

    void tellRoom() {
        if (room != null) {
            room.complete(!isClosed());
            room = null;
        }
    }

    void beforeWrite(long now) {
        if (served != null) {
            served.beforeWrite(positions, now);
        }
    }

    void wrotePersisted() {
        if (served != null) {
            if (live && (backlog == null || backlog.isEmpty())) { // nothing from before a gap waits any more
                served.resumeAt(Math.max(positions.highest(), missingUpTo));
            }
            served.wrotePersisted();
        }
    }

    /** Persisted events up to that id may have been missed, also before the stream began. Some of them may still be written. */
    void breakSpan(long upTo) {
        missingUpTo = Math.max(missingUpTo, upTo);
        if (served != null) {
            served.breakOff();
        }
    }

    /** What an open stream has certainly served: its peer may have vanished unnoticed. Null when there is nothing new to report. */
    @Nullable Served servedNow(long now) {
        return served != null ? served(served.from(), served.takeConfirmed(now, positions)) : null;
    }

    /**
     * What is left to report at the end. Where the peer may have vanished that is what it certainly has; and what it has not taken
     * yet is thrown away with the connection, whatever the reason.
     */
    @Nullable Served servedAtEnd(CloseReason reason, long now) {
        if (served == null) {
            return null;
        }
        boolean isDoubtful = reason.isDoubtful() || writing;
        return served(served.from(), isDoubtful ? served.takeConfirmed(now, positions) : served.takeAll(positions));
    }

    private @Nullable Served served(@Nullable Cursor from, @Nullable Cursor to) {
        return from == null || to == null ? null : new Served(targets(owners), from, to);
    }

    void close() {
        state = State.CLOSED;
        backlog = null;
        held = null;
        tellRoom();
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

    @Override
    public void onLost() {
        shard.close(this, CloseReason.LOST);
    }
}
