package dev.ssecluster.test;

import dev.ssecluster.local.LocalRedis;

/** A child process. */
record EmbeddedRedis(LocalRedis redis) implements RedisServer {

    @Override
    public String uri() {
        return redis.uri();
    }

    @Override
    public void pause() {
        redis.pause();
    }

    @Override
    public void resume() {
        redis.resume();
    }

    @Override
    public void kill() {
        redis.kill();
    }

    @Override
    public void restart() {
        redis.restart();
    }

    @Override
    public void restartEmpty() {
        redis.restartEmpty();
    }

    @Override
    public void close() {
        redis.close();
    }
}
