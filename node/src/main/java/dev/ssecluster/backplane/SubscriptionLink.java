package dev.ssecluster.backplane;

import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pub/sub connection: opened, compared with the epoch, all channels subscribed, what was missed repaired, used, and replaced when it is
 * lost, deaf, or not to the Redis that the cluster has adopted. All of that happens on the loop's thread.
 */
final class SubscriptionLink {

    private static final Logger log = LoggerFactory.getLogger(SubscriptionLink.class);

    /** Time to subscribe all channels, be they 100 000. */
    private static final Duration SETTLE_TIMEOUT = Duration.ofSeconds(10);

    private final Backoff backoff = new Backoff();
    private final RedisConnector connector;
    private final CommandLink commands;
    private final Channels channels;
    private final Handover handover;
    private final Repairs repairs;
    private final ScheduledExecutorService loop;
    private final BackplaneMeters meters;
    private final Duration timeout;

    private boolean connecting;
    private @Nullable Subscriptions current;
    private @Nullable ScheduledFuture<?> retry;
    private volatile @Nullable Subscriptions live;
    private Consumer<Subscriptions> onLive = _ -> {};

    SubscriptionLink(
            RedisConnector connector,
            CommandLink commands,
            Channels channels,
            Handover handover,
            Repairs repairs,
            ScheduledExecutorService loop,
            BackplaneMeters meters,
            Duration timeout) {
        this.connector = connector;
        this.commands = commands;
        this.channels = channels;
        this.handover = handover;
        this.repairs = repairs;
        this.loop = loop;
        this.meters = meters;
        this.timeout = timeout;
    }

    /** Begins to follow the commands' connection: there is a pub/sub connection only while its Redis is adopted. */
    void start(Consumer<Subscriptions> whenLive) {
        onLive = whenLive;
        commands.onAdopted(this::adopted);
    }

    /** The connection that delivers now, or null. */
    @Nullable Subscriptions live() {
        return live;
    }

    /** Gives up a connection that does not do its work. */
    void replace(Subscriptions dead, String reason) {
        loop.execute(() -> lost(dead, reason));
    }

    private void adopted(Session session) {
        if (current == null) {
            connect();
        } else if (!current.isOf(session.epoch())) {
            lost(current, "Redis has another epoch");
        }
    }

    private void connect() {
        if (connecting || current != null || commands.session() == null) {
            return; // when the session is there, adopted() comes here again
        }
        if (retry != null) {
            retry.cancel(false);
        }
        connecting = true;
        var _ = connector.connectPubSub(new ChannelCodec(channels)).whenCompleteAsync(this::connected, loop);
    }

    private void connected(@Nullable StatefulRedisPubSubConnection<Source, byte[]> opened, @Nullable Throwable failure) {
        connecting = false;
        if (opened == null) {
            log.debug("Redis cannot be reached", failure);
            connectLater();
            return;
        }
        Subscriptions opening = new Subscriptions(opened, handover, channels, this::replace);
        current = opening;
        var _ = opening.readRunId()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .thenComposeAsync(runId -> subscribe(opening, runId), loop)
                .thenComposeAsync(_ -> repairs.run(opening.inbound()), loop)
                .whenCompleteAsync((_, refusal) -> settled(opening, refusal), loop);
    }

    private CompletableFuture<Void> subscribe(Subscriptions opening, String runId) {
        Session session = commands.session();
        if (opening != current || session == null || !session.epoch().equals(runId)) {
            return CompletableFuture.failedFuture(new BackplaneUnavailableException("it is not the Redis that is adopted"));
        }
        opening.open();
        return channels.connected(opening).orTimeout(SETTLE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void settled(Subscriptions opening, @Nullable Throwable failure) {
        if (failure != null) {
            lost(opening, "not subscribed: " + failure.getMessage());
        } else if (opening == current) {
            backoff.reset();
            live = opening;
            onLive.accept(opening);
        }
    }

    private void lost(Subscriptions lost, String reason) {
        if (lost == current) {
            log.warn("Connection to Redis for pub/sub: {}", reason);
            meters.pubSubReplaced.increment();
            current = null;
            live = null;
            channels.disconnected();
            lost.close();
            connectLater();
        }
    }

    private void connectLater() {
        retry = loop.schedule(this::connect, backoff.next().toMillis(), TimeUnit.MILLISECONDS);
    }
}
