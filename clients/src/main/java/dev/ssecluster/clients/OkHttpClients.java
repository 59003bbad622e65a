package dev.ssecluster.clients;

import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.RetryDelayStrategy;
import com.launchdarkly.eventsource.background.BackgroundEventSource;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code com.launchdarkly:okhttp-eventsource}. */
final class OkHttpClients {

    private OkHttpClients() {}

    static Client client() {
        return new Client("okhttp-eventsource", Map.of(
                Level.LIBRARY, (stream, diary) -> open(new EventSource.Builder(stream), diary),
                Level.SETTING, (stream, diary) -> open(withSettings(withHeartbeats(stream)), diary),
                Level.APPLICATION, (stream, diary) -> new OkHttpStream(withHeartbeats(stream), Subject.SILENCE, diary)::close));
    }

    private static Runnable open(EventSource.Builder builder, Diary diary) {
        BackgroundEventSource source = new BackgroundEventSource.Builder(new OkHttpHandler(diary), builder).build();
        source.start();
        return source::close;
    }

    private static URI withHeartbeats(URI stream) {
        return stream.getQuery() == null ? URI.create(stream + "?heartbeat=event") : stream;
    }

    private static EventSource.Builder withSettings(URI stream) {
        return new EventSource.Builder(ConnectStrategy.http(stream).readTimeout(Subject.SILENCE.toMillis(), TimeUnit.MILLISECONDS))
                .retryDelayStrategy(RetryDelayStrategy.defaultStrategy().jitterMultiplier(0).backoffMultiplier(1));
    }
}
