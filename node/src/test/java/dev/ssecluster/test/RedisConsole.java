package dev.ssecluster.test;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.Optional;

/** What an operator does to a Redis, well or badly. One thread at a time. */
public final class RedisConsole implements AutoCloseable {

    private final RedisClient client = RedisClient.create();
    private final RedisCommands<String, String> redis;

    public RedisConsole(RedisServer server) {
        redis = client.connect(RedisURI.create(server.uri())).sync();
    }

    /** Ends the pub/sub connections of all nodes; answers how many there were. */
    public long killPubSub() {
        return redis.clientKill(KillArgs.Builder.typePubsub());
    }

    /** Deletes everything. */
    public void flush() {
        redis.flushall();
    }

    /** Ends the leases of all nodes, as if they all had stood still. */
    public void loseNodes() {
        redis.zrange("sse:{0}:nodes", 0, -1).forEach(node -> redis.zadd("sse:{0}:nodes", 1, node));
    }

    /** Messages that are accepted and not known to be in the database. */
    public long journalLength() {
        return redis.xlen("sse:{0}:journal");
    }

    /** Messages that the database refused for good. */
    public long deadLetters() {
        return redis.xlen("sse:{0}:dead");
    }

    /** What keeps someone away ({@code user:<id>} or {@code client:<id>}), empty for nobody. */
    public Optional<String> block(String whom) {
        return Optional.ofNullable(redis.get("sse:{0}:block:" + whom));
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}
