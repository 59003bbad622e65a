package dev.ssecluster.stream;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.springframework.stereotype.Component;

/**
 * Turns an HTTP exchange into an open stream. An HTTP/1.1 connection is handed over: the response is committed, Jetty completes
 * the exchange but keeps the socket open, and all that is left of it is about a kilobyte. To everyone else (request metrics,
 * access log, graceful shutdown) the request is finished. An HTTP/2 exchange stays what it is and is written asynchronously.
 */
@Component
public class Handover {

    private final Streams streams;

    Handover(Streams streams) {
        this.streams = streams;
    }

    /**
     * Commits the response, which over HTTP/1.1 must say {@code Connection: close}, with {@code firstBytes} and opens the stream behind it. The handler must return after this.
     *
     * @throws IOException when the peer has gone; the stream is abandoned then
     */
    public void open(HttpServletRequest request, HttpServletResponse response, Stream stream, byte[] firstBytes)
            throws IOException {
        Request.addCompletionListener(core(request), failure -> {
            if (failure != null) {
                streams.abandon(stream);
            }
        });
        try {
            response.getOutputStream().write(firstBytes);
            response.flushBuffer();
        } catch (IOException | RuntimeException e) {
            streams.abandon(stream);
            throw e;
        }
        if (hasOwnConnection(request)) {
            handOver(request, stream);
        } else {
            keepExchange(request, stream);
        }
    }

    private static void handOver(HttpServletRequest request, Stream stream) {
        Request core = core(request);
        EndPoint endPoint = core.getConnectionMetaData().getConnection().getEndPoint();
        core.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE,
                new HandedOverConnection(endPoint, stream, sink -> stream.shard().post(owner -> owner.open(stream, sink))));
    }

    private static void keepExchange(HttpServletRequest request, Stream stream) {
        AsyncContext exchange = request.startAsync();
        exchange.setTimeout(0);
        Request core = core(request);
        core.addIdleTimeoutListener(timeout -> false);
        core.addFailureListener(failure -> stream.onLost()); // a reset by the client and its vanishing look the same here
        ServletContextRequest context = ServletContextRequest.getServletContextRequest(request);
        Sink sink = new ResponseSink(context, exchange, stream);
        stream.shard().post(owner -> owner.open(stream, sink));
    }

    private static boolean hasOwnConnection(HttpServletRequest request) {
        return core(request).getConnectionMetaData().getHttpVersion().compareTo(HttpVersion.HTTP_1_1) <= 0;
    }

    private static Request core(HttpServletRequest request) {
        return Request.unWrap(ServletContextRequest.getServletContextRequest(request));
    }
}
