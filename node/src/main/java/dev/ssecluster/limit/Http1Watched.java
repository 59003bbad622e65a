package dev.ssecluster.limit;

import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks HTTP/1.1: its parser knows where it is and when the current request began, so nothing has to be
 * noted for a request. Between two requests only the idle timeout counts.
 */
record Http1Watched(HttpConnection connection, Times times, long opened) implements Watched {

    @Override
    public @Nullable Lateness late(long now) {
        HttpParser parser = connection.getParser();
        if (parser.isStart()) {
            return connection.getMessagesIn() == 0 && now - opened > times.head() ? Lateness.SILENT : null;
        }
        long taken = now - parser.getBeginNanoTime();
        if (parser.inHeaderState()) {
            return taken > times.head() ? Lateness.HEAD : null;
        }
        return parser.inContentState() && taken > times.request() ? Lateness.BODY : null;
    }
}
