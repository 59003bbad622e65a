package dev.ssecluster.stream;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A write that the peer did not take at once; holds a copy of the bytes until it is done. The server may complete it before
 * the call that begins it returns; the listener is told only of a completion that comes later.
 */
final class PendingWrite implements Callback {

    private final SinkListener listener;
    private final AtomicBoolean first = new AtomicBoolean(true); // of starter and completion, the second one acts
    private volatile @Nullable ByteBuffer rest; // null: done

    PendingWrite(ByteBuffer block, SinkListener listener) {
        this.listener = listener;
        this.rest = ByteBuffer.allocate(block.remaining()).put(block).flip();
    }

    /** Begins the write; whether it is complete when this returns. */
    boolean start(Consumer<ByteBuffer> writer) {
        ByteBuffer bytes = rest;
        if (bytes != null) {
            writer.accept(bytes);
        }
        return !first.getAndSet(false);
    }

    boolean isDone() {
        return rest == null;
    }

    /** Bytes not yet taken. Read while another thread writes them: an old value only makes progress seem to come later. */
    int remaining() {
        ByteBuffer bytes = rest;
        return bytes == null ? 0 : bytes.remaining();
    }

    @Override
    public void succeeded() {
        rest = null;
        if (!first.getAndSet(false)) {
            listener.onWritten();
        }
    }

    @Override
    public void failed(Throwable cause) {
        rest = null;
        listener.onLost();
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
