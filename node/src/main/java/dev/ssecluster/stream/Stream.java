package dev.ssecluster.stream;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Target;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One open event stream. Any thread may call its public methods. Everything else but the final fields belongs to its shard's
 * thread: other threads only put work into the shard's inbox.
 *
 * <p>It is registered with its topics first: from then on live events are held back. Then it <b>begins</b>: the replay's first
 * read has told the fence, up to which the replay goes; a live event with an id up to it is discarded forever. In any order after
 * that it is <b>opened</b>, when its first bytes are written, and goes <b>live</b>, when all of the replay is queued. While it is
 * <b>held</b> it is not live: its events wait again, and no cursor passes them.
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
    private final Shard shard;
    private final Memberships memberships;
    private final long connection;
    private final long sinceMicros;
    private final Predicate<String> mayFollow;
    final @Nullable Lifespan lifespan;
    private final @Nullable Serving serving; // null: it has no owner
    private State state = State.ATTACHING;

    final Positions positions = new Positions(0);
    long fence;
    private @Nullable Sink sink;
    private @Nullable CompletableFuture<Boolean> room;
    private int unreadTold = NEVER_TOLD;
    @Nullable Backlog backlog;
    @Nullable Backlog held;
    private boolean begun;
    private boolean replayed;
    private int holds;
    boolean dirty;
    boolean writing;
    boolean watched;
    int unwritten;
    long progressNanos;
    @Nullable List<Stream> wheelSlot;
    int wheelIndex;

    /** {@code endsNanos} as {@link System#nanoTime}. */
    Stream(Shard shard, List<Topic> topics, StreamOptions options, long endsNanos) {
        this.shard = shard;
        this.memberships = new Memberships(topics);
        this.connection = HexFormat.fromHexDigitsToLong(options.connectionId());
        this.sinceMicros = options.sinceMicros();
        this.mayFollow = options.mayFollow();
        this.lifespan = Lifespan.of(options.expiresNanos(), endsNanos);
        this.envelope = options.envelope();
        this.heartbeatEvents = options.heartbeatEvents();
        this.wantsUnread = options.unread();
        this.serving = options.owners() == 0 ? null : new Serving(memberships, options.owners());
    }

    Shard shard() {
        return shard;
    }

    Memberships memberships() {
        return memberships;
    }

    /** 16 hexadecimal digits. */
    public String connectionId() {
        return HexFormat.of().toHexDigits(connection);
    }

    /** Who it is now; also after its end. */
    public StreamInfo info() {
        List<String> groups = memberships.targets().stream().filter(target -> target.kind() == Target.Kind.GROUP)
                .map(Target::name).toList();
        String client = Objects.requireNonNullElse(memberships.named(Target.Kind.CLIENT), "");
        return new StreamInfo(connectionId(), client, memberships.named(Target.Kind.USER), groups, sinceMicros);
    }

    /** All that it listens to now, the owners first; after its end: that it did then. */
    public List<Target> targets() {
        return memberships.targets();
    }

    /** Whether its client's permission lets it follow that group. */
    public boolean mayFollow(String group) {
        return mayFollow.test(group);
    }

    /** The groups that it has {@linkplain Joins#join joined}, not those that it named itself. */
    public Set<String> joined() {
        return memberships.joined().stream().map(each -> each.topic.target().name()).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether it belongs to that one of so many equal parts of all streams. */
    boolean isIn(int slice, int slices) {
        return Math.floorMod(connection, slices) == slice;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    /** Open and live, nothing waits and nothing is being written. */
    boolean isIdle() {
        return isLive() && isQuiet();
    }

    /** Open, all of the replay is queued, and no block is waiting or being written. */
    boolean isQuiet() {
        return state == State.OPEN && replayed && backlog == null && !writing;
    }

    /** What comes for it is queued behind what is there, not held back. */
    boolean isLive() {
        return replayed && holds == 0;
    }

    boolean hasBegun() {
        return begun;
    }

    void hold() {
        holds++;
    }

    void unhold() {
        holds--;
    }

    /** All of the replay is queued. */
    void endReplay() {
        replayed = true;
    }

    void begin(Cursor start, Cursor servedFrom, long upTo, long doubtNanos) {
        begun = true;
        positions.startAt(start);
        fence = upTo;
        if (serving != null) {
            serving.begin(servedFrom, doubtNanos);
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

    /** Whether the event would come after a later one. */
    boolean isPast(SseFrame frame) {
        return frame.id() <= Math.max(fence, positions.of(frame.priority()));
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
        if (serving != null) {
            serving.beforeWrite(positions, now);
        }
    }

    void wrotePersisted() {
        if (serving != null) {
            serving.wrotePersisted(positions, isLive() && (backlog == null || backlog.isEmpty()));
        }
    }

    /** Persisted events up to that id may have been missed, also before the stream began. Some of them may still be written. */
    void breakSpan(long upTo) {
        if (serving != null) {
            serving.breakOff(upTo);
        }
    }

    /** Whether it counts for nothing what this stream serves its owners, from now on. */
    void serveNothing(boolean nothing) {
        if (serving != null) {
            serving.withhold(nothing);
        }
    }

    /** What an open stream has certainly served. Null when there is nothing new to report. */
    @Nullable Served servedNow(long now) {
        return serving == null ? null : serving.confirmed(now, positions);
    }

    /**
     * What is left to report at the end. Where the peer may have vanished that is what it certainly has; and what it has not taken
     * yet is thrown away with the connection, whatever the reason.
     */
    @Nullable Served servedAtEnd(CloseReason reason, long now) {
        if (serving == null) {
            return null;
        }
        return reason.isDoubtful() || writing ? serving.confirmed(now, positions) : serving.all(positions);
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
