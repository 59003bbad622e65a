package dev.ssecluster.stream;

import java.nio.ByteBuffer;

/** The transport of one stream. Its methods are called by the stream's shard only. */
interface Sink {

    /**
     * Takes all of {@code block}, whose memory the caller reuses afterwards.
     *
     * @return whether it was written; otherwise the sink has kept the rest and tells the {@link SinkListener} when it is done,
     *     and must not be given more before that
     */
    boolean write(ByteBuffer block);

    /** Bytes of a pending write that the peer has not taken yet; may be read while it is going on, to see progress. */
    int unwritten();

    /** Ends the stream; what is pending may be lost. Repeating it does nothing. */
    void close();
}
