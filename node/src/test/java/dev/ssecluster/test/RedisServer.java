package dev.ssecluster.test;

/** A Redis of a test's own, to be ill-treated. Every method blocks until it is done. */
public interface RedisServer extends AutoCloseable {

    /** Such as {@code redis://127.0.0.1:20123}; stays the same across restarts. */
    String uri();

    /** Nothing answers any more, but connections stay open. */
    void pause();

    void resume();

    /** Ends it without warning, paused or not; connections are refused. */
    void kill();

    /** Kills it if it runs, and starts it again with what it had on disk: nothing, unless it is persistent. */
    void restart();

    /** Kills it if it runs, and starts it again with no data. */
    void restartEmpty();

    @Override
    void close();
}
