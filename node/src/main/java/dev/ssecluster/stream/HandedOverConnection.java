package dev.ssecluster.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EventListener;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A connection after its HTTP exchange: Jetty has completed the response and left us the endpoint. One object for everything
 * (connection, read callback, sink), because there is one for each open stream. What the peer still sends is thrown away; its
 * end of stream, also only of its sending half, ends the stream.
 */
final class HandedOverConnection implements Connection, Connection.UpgradeTo, Callback, Sink {

    private static final int MOST_UNWANTED_BYTES = 64 * 1024;
    private static final int READ_BUFFER = 1024;
    private static final ByteBuffer FAREWELL = ByteBuffer.wrap(new byte[] {':', '\n'}).asReadOnlyBuffer(); // a comment

    private final EndPoint endPoint;
    private final SinkListener listener;
    private final Runnable onHandedOver;
    private volatile @Nullable PendingWrite pending;
    private int unwanted;

    /** {@code onHandedOver} runs once, when the connection is ours and may be written to. */
    HandedOverConnection(EndPoint endPoint, SinkListener listener, Opening onHandedOver) {
        this.endPoint = endPoint;
        this.listener = listener;
        this.onHandedOver = () -> onHandedOver.opened(this);
    }

    /** Told when the sink can be written to. */
    interface Opening {
        void opened(Sink sink);
    }

    @Override
    public void onOpen() {
        endPoint.setIdleTimeout(0); // heartbeats and the kernel's user timeout find dead peers
        onHandedOver.run();
        endPoint.fillInterested(this);
    }

    @Override
    public boolean write(ByteBuffer block) {
        try {
            if (endPoint.flush(block)) {
                return true;
            }
        } catch (IOException e) {
            endPoint.close(e);
            listener.onLost();
            return true;
        }
        PendingWrite write = new PendingWrite(block, listener);
        pending = write;
        return write.start(rest -> endPoint.write(write, rest));
    }

    @Override
    public int unwritten() {
        PendingWrite write = pending;
        return write == null ? 0 : write.remaining();
    }

    /** The peer sent something, or ended its half. */
    @Override
    public void succeeded() {
        try {
            if (isOver()) {
                end();
            } else {
                endPoint.fillInterested(this);
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    /**
     * Jetty tells a read that failed, because the peer vanished or reset the connection, as the end of what the peer sends. But
     * a peer that only ended it has taken everything, and its connection takes even more.
     */
    private void end() throws IOException {
        if (unwritten() > 0 || !endPoint.flush(FAREWELL.duplicate())) {
            throw new EofException("The peer has not taken everything");
        }
        close();
        listener.onClosed();
    }

    private boolean isOver() throws IOException {
        ByteBuffer buffer = BufferUtil.allocate(READ_BUFFER);
        int read;
        while ((read = endPoint.fill(buffer)) > 0) {
            unwanted += read;
            BufferUtil.clear(buffer);
            if (unwanted > MOST_UNWANTED_BYTES) {
                return true;
            }
        }
        return read < 0;
    }

    @Override
    public void failed(Throwable cause) {
        endPoint.close(cause);
        listener.onLost();
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
        if (cause == null) {
            listener.onClosed();
        } else {
            listener.onLost();
        }
    }

    @Override
    public void close() {
        endPoint.close();
    }

    @Override
    public void onUpgradeTo(@Nullable ByteBuffer leftOver) {
        unwanted = leftOver == null ? 0 : leftOver.remaining();
    }

    @Override
    public boolean onIdleExpired(@Nullable TimeoutException timeout) {
        return false;
    }

    @Override
    public EndPoint getEndPoint() {
        return endPoint;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    /** Nobody listens to a handed-over connection: that would cost memory for each. */
    @Override
    public void addEventListener(EventListener ignored) {}

    @Override
    public void removeEventListener(EventListener ignored) {}

    @Override
    public long getMessagesIn() {
        return 0;
    }

    @Override
    public long getMessagesOut() {
        return 0;
    }

    @Override
    public long getBytesIn() {
        return 0;
    }

    @Override
    public long getBytesOut() {
        return 0;
    }

    @Override
    public long getCreatedTimeStamp() {
        return endPoint.getCreatedTimeStamp();
    }
}
