package dev.ssecluster.backplane;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;

/** A connection for scripts and reads that was adopted. Equal only to itself: adopting again makes a new one. */
final class Session {

    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final String epoch;

    Session(StatefulRedisConnection<byte[], byte[]> connection, String epoch) {
        this.connection = connection;
        this.epoch = epoch;
    }

    StatefulRedisConnection<byte[], byte[]> connection() {
        return connection;
    }

    RedisAsyncCommands<byte[], byte[]> redis() {
        return connection.async();
    }

    /** What every script must find stored, else it refuses. */
    String epoch() {
        return epoch;
    }
}
