package dev.ssecluster.stream;

import jakarta.servlet.AsyncContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * A stream inside an HTTP/2 connection, which cannot be handed over because it carries other exchanges: the same bytes go
 * through Jetty's asynchronous {@code Response.write}, under the connection's flow control.
 */
final class ResponseSink implements Sink {

    private final ServletContextRequest request;
    private final Response response;
    private final AsyncContext exchange;
    private final SinkListener listener;
    private volatile @Nullable PendingWrite pending;
    private boolean closed;

    ResponseSink(ServletContextRequest request, AsyncContext exchange, SinkListener listener) {
        this.request = request;
        this.response = request.getServletContextResponse();
        this.exchange = exchange;
        this.listener = listener;
    }

    @Override
    public boolean write(ByteBuffer block) {
        PendingWrite write = new PendingWrite(block, listener);
        pending = write;
        return write.start(copy -> response.write(false, copy, write));
    }

    @Override
    public int unwritten() {
        PendingWrite write = pending;
        return write == null ? 0 : write.remaining();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        PendingWrite write = pending;
        if (write != null && !write.isDone()) {
            request.getServletChannel().abort(new IOException("the peer does not read its stream"));
        }
        try {
            exchange.complete();
        } catch (IllegalStateException e) {
            listener.onClosed(); // the peer was faster: Jetty has ended the exchange already
        }
    }
}
