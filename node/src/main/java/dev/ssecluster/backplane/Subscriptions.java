package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Handover.Inbound;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One pub/sub connection. Lettuce calls the listener on the connection's event loop, in the order of the bytes, while it decodes
 * them: nothing here may take long.
 */
final class Subscriptions implements Channels.Commands {

    private static final Pattern RUN_ID = Pattern.compile("run_id:(\\p{XDigit}+)");

    private final StatefulRedisPubSubConnection<Source, byte[]> connection;
    private final Handover handover;
    private final Channels channels;
    private final BiConsumer<Subscriptions, String> onFailure;
    private @Nullable Inbound inbound; // loop's thread, then constant
    private volatile @Nullable String runId;

    Subscriptions(
            StatefulRedisPubSubConnection<Source, byte[]> connection,
            Handover handover,
            Channels channels,
            BiConsumer<Subscriptions, String> onFailure) {
        this.connection = connection;
        this.handover = handover;
        this.channels = channels;
        this.onFailure = onFailure;
        connection.addListener(new Disconnection(() -> onFailure.accept(this, "disconnected")));
    }

    /** Before the first SUBSCRIBE: which Redis process this is. */
    CompletableFuture<String> readRunId() {
        return connection.async().info("server").toCompletableFuture().thenApply(this::runId);
    }

    /** Begins to listen. */
    void open() {
        Inbound opened = handover.open();
        inbound = opened;
        connection.addListener(new Listener(opened));
    }

    void close() {
        if (inbound != null) {
            handover.close(inbound);
        }
        var _ = connection.closeAsync();
    }

    Inbound inbound() {
        if (inbound == null) {
            throw new IllegalStateException("Not open");
        }
        return inbound;
    }

    /** Whether it leads to the Redis of that epoch; as long as that is not known, yes. */
    boolean isOf(String epoch) {
        return runId == null || epoch.equals(runId);
    }

    @Override
    public void subscribe(List<? extends Source> sources) {
        failing(connection.async().subscribe(sources.toArray(Source[]::new)));
    }

    @Override
    public void unsubscribe(List<? extends Source> sources) {
        failing(connection.async().unsubscribe(sources.toArray(Source[]::new)));
    }

    private void failing(CompletionStage<Void> command) {
        var _ = command.whenComplete((_, failure) -> {
            if (failure != null) {
                onFailure.accept(this, "refused: " + failure.getMessage());
            }
        });
    }

    private String runId(String info) {
        Matcher matcher = RUN_ID.matcher(info);
        if (!matcher.find()) {
            throw new BackplaneUnavailableException("INFO server has no run_id");
        }
        String found = matcher.group(1);
        runId = found;
        return found;
    }

    private final class Listener extends RedisPubSubAdapter<Source, byte[]> {

        private final Inbound to;

        Listener(Inbound to) {
            this.to = to;
        }

        @Override
        public void message(Source source, byte[] frame) {
            handover.receive(to, source, frame);
        }

        @Override
        public void subscribed(Source source, long count) {
            channels.subscribed(Subscriptions.this, source);
        }

        @Override
        public void unsubscribed(Source source, long count) {
            channels.unsubscribed(Subscriptions.this, source);
        }
    }
}
