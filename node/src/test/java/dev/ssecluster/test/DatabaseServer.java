package dev.ssecluster.test;

/** A MySQL or MariaDB of a test's own, to be ill-treated. Every method blocks until it is done. */
public interface DatabaseServer extends AutoCloseable {

    /** Where it is; stays the same across restarts. */
    Database database();

    /** Nothing answers any more, but connections stay open. */
    void pause();

    void resume();

    /** Ends it without warning, paused or not; connections are refused. */
    void kill();

    /** Kills it if it runs, and starts it again with everything it had committed. */
    void restart();

    @Override
    void close();
}
