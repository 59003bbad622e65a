package dev.ssecluster.stream;

/** Hears from a transport; called by the server's threads. */
interface SinkListener {

    /** A pending write is done. */
    void onWritten();

    /** The peer has ended the connection; nothing more can be written. */
    void onClosed();

    /** The connection failed, so the peer may have vanished a while ago; nothing more can be written. */
    void onLost();
}
