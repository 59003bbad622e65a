package dev.ssecluster.backplane;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;

/** Tells that a connection is lost. Event loop. */
record Disconnection(Runnable action) implements RedisConnectionStateListener {

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
        action.run();
    }
}
