package dev.ssecluster.stream;

import dev.ssecluster.event.Target;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The streams of this node that listen to one target. Each shard's members are touched by that shard alone; what all threads
 * share is {@code shardMask}, the shards that may have members.
 *
 * <p>Invariant: a shard's bit is set before its first member is put into the shard's inbox and is never cleared. So an event
 * that Redis published after that finds the bit, and at worst a shard looks at an empty list.
 */
final class Topic {

    private static final VarHandle SHARD_MASK = findShardMask();

    private final Target target;
    private final @Nullable Members[] byShard;

    @SuppressWarnings("unused") // through SHARD_MASK
    private volatile long shardMask;

    private int references; // guarded by the map's lock for this key

    Topic(Target target, int shards) {
        this.target = target;
        this.byShard = new Members[shards];
    }

    Target target() {
        return target;
    }

    Topic retain() {
        references++;
        return this;
    }

    @Nullable Topic release() {
        return --references == 0 ? null : this;
    }

    void announce(int shard) {
        SHARD_MASK.getAndBitwiseOr(this, 1L << shard);
    }

    long shardMask() {
        return shardMask;
    }

    /** The members of {@code shard}; only that shard's thread may call this. */
    Members members(int shard) {
        Members members = byShard[shard];
        if (members == null) {
            members = new Members();
            byShard[shard] = members;
        }
        return members;
    }

    private static VarHandle findShardMask() {
        try {
            return MethodHandles.lookup().findVarHandle(Topic.class, "shardMask", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** An unordered list from which a stream is removed in constant time: each stream knows its index. */
    static final class Members {

        private @Nullable Stream[] streams = new Stream[1]; // most users have one stream
        private int size;

        int size() {
            return size;
        }

        Stream get(int index) {
            return Objects.requireNonNull(streams[index]);
        }

        void forEach(Consumer<Stream> visitor) {
            for (int i = 0; i < size; i++) {
                visitor.accept(get(i));
            }
        }

        int add(Stream stream) {
            if (size == streams.length) {
                streams = Arrays.copyOf(streams, size * 2);
            }
            streams[size] = stream;
            return size++;
        }

        /** Removes the stream at {@code index} and returns the one that took its place, if any. */
        @Nullable Stream remove(int index) {
            Stream last = streams[--size];
            streams[index] = last;
            streams[size] = null;
            return index == size ? null : last;
        }
    }
}
