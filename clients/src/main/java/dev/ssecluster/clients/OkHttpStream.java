package dev.ssecluster.clients;

import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.RetryDelayStrategy;
import com.launchdarkly.eventsource.StreamHttpErrorException;
import com.launchdarkly.eventsource.background.BackgroundEventSource;
import com.launchdarkly.eventsource.background.ConnectionErrorHandler.Action;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.Interceptor;
import okhttp3.Response;

// snippet
/**
 * A stream with okhttp-eventsource that ends only when the server says so for good. Its URL has {@code heartbeat=event}: the
 * library forgets ids that come without data.
 */
final class OkHttpStream implements AutoCloseable {

    private final Listener listener;
    private final BackgroundEventSource source;

    /** @param silence after which a connection is given up: more than two heartbeats */
    OkHttpStream(URI stream, Duration silence, Listener listener) {
        this.listener = listener;
        this.source = new BackgroundEventSource.Builder(new OkHttpHandler(listener), settings(stream, silence))
                .connectionErrorHandler(this::failed)
                .build();
        source.start();
    }

    private static EventSource.Builder settings(URI stream, Duration silence) {
        ConnectStrategy http = ConnectStrategy.http(stream)
                .readTimeout(silence.toMillis(), TimeUnit.MILLISECONDS)
                .clientBuilderActions(client -> client.addInterceptor(OkHttpStream::refuseNoContent));
        return new EventSource.Builder(http) // the server spreads its clients by itself
                .retryDelayStrategy(RetryDelayStrategy.defaultStrategy().jitterMultiplier(0).backoffMultiplier(1));
    }

    /** The library would take 204 for a stream that has ended at once. */
    private static Response refuseNoContent(Interceptor.Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        if (response.code() == 204) {
            response.close();
            throw new Gone();
        }
        return response;
    }

    private Action failed(Throwable error) {
        int status = status(error);
        if (status == 503) {
            waitFor((StreamHttpErrorException) error);
        }
        if (status < 500 && status != 0) {
            listener.ended("HTTP " + status);
            return Action.SHUTDOWN;
        }
        return Action.PROCEED;
    }

    private static int status(Throwable error) {
        if (error.getCause() instanceof Gone) {
            return 204;
        }
        return error instanceof StreamHttpErrorException http ? http.getCode() : 0;
    }

    private static void waitFor(StreamHttpErrorException error) {
        String seconds = error.getHeaders() == null ? null : error.getHeaders().value("Retry-After");
        try {
            TimeUnit.SECONDS.sleep(seconds == null ? 0 : Long.parseLong(seconds));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed meanwhile
        }
    }

    @Override
    public void close() {
        source.close();
    }

    @SuppressWarnings("serial")
    private static final class Gone extends IOException {}
}
