package dev.ssecluster.stream;

/** Hears from a transport; called by the server's threads. */
interface SinkListener {

    /** A pending write is done. */
    void onWritten();

    /** The peer has gone or the connection failed; nothing more can be written. */
    void onClosed();
}
