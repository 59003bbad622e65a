package dev.ssecluster.backplane;

import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection for scripts and reads: connected, adopted, used, and replaced when it is lost. All of that happens on the
 * loop's thread; {@link #session} may be asked by any.
 */
final class CommandLink {

    private static final Logger log = LoggerFactory.getLogger(CommandLink.class);

    private final Backoff backoff = new Backoff();
    private final List<Consumer<Session>> onAdopted = new CopyOnWriteArrayList<>();
    private final AdoptScript script;
    private final RedisConnector connector;
    private final ScheduledExecutorService loop;
    private final RedisClock clock;
    private final HighestId highest;
    private final BackplaneMeters meters;
    private final Duration timeout;

    private @Nullable StatefulRedisConnection<byte[], byte[]> connection; // loop's thread
    private @Nullable CompletableFuture<Session> adopting; // loop's thread
    private volatile @Nullable Session session;

    CommandLink(
            AdoptScript script,
            RedisConnector connector,
            ScheduledExecutorService loop,
            RedisClock clock,
            HighestId highest,
            BackplaneMeters meters,
            Duration timeout) {
        this.script = script;
        this.connector = connector;
        this.loop = loop;
        this.clock = clock;
        this.highest = highest;
        this.meters = meters;
        this.timeout = timeout;
    }

    /** Called on the loop's thread with each session that comes into use. Before {@link #start}. */
    void onAdopted(Consumer<Session> listener) {
        onAdopted.add(listener);
    }

    void start() {
        loop.execute(this::connect);
    }

    /** What to use now; null while Redis is away or not adopted. */
    @Nullable Session session() {
        return session;
    }

    /** Redis refused the session's epoch: adopts again, once for all who ask. Fails when that does not work. */
    CompletableFuture<Session> readopt(Session refused) {
        return CompletableFuture.completedFuture(refused).thenComposeAsync(this::successor, loop);
    }

    /** The session's connection does not answer. */
    void replace(Session dead, String reason) {
        loop.execute(() -> lost(dead.connection(), reason));
    }

    private void connect() {
        var _ = connector.connect().whenCompleteAsync(this::connected, loop);
    }

    private void connected(@Nullable StatefulRedisConnection<byte[], byte[]> opened, @Nullable Throwable failure) {
        if (opened == null) {
            log.debug("Redis cannot be reached", failure);
            connectLater();
            return;
        }
        connection = opened;
        opened.addListener(new Disconnection(() -> loop.execute(() -> lost(opened, "disconnected"))));
        var _ = adoptOrLose(opened);
    }

    private CompletableFuture<Session> successor(Session refused) {
        Session current = session;
        if (current != null && !current.equals(refused)) {
            return CompletableFuture.completedFuture(current);
        }
        if (!refused.connection().equals(connection)) {
            return CompletableFuture.failedFuture(new BackplaneUnavailableException("Redis is away"));
        }
        if (adopting == null || adopting.isDone()) {
            adopting = adoptOrLose(refused.connection());
        }
        return adopting;
    }

    private CompletableFuture<Session> adoptOrLose(StatefulRedisConnection<byte[], byte[]> on) {
        return adopt(on).whenCompleteAsync((_, refusal) -> {
            if (refusal != null) {
                lost(on, "not adopted: " + refusal.getMessage());
            }
        }, loop);
    }

    private CompletableFuture<Session> adopt(StatefulRedisConnection<byte[], byte[]> on) {
        long sent = System.nanoTime();
        return script.run(on.async(), highest.get())
                .toCompletableFuture()
                .orTimeout(timeout.plus(HighestStored.TIMEOUT).toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((adopted, _) -> {
                    if (adopted != null) {
                        clock.learn(sent, System.nanoTime(), adopted.now());
                    }
                })
                .thenApplyAsync(adopted -> use(on, adopted), loop);
    }

    private Session use(StatefulRedisConnection<byte[], byte[]> on, AdoptScript.Adopted adopted) {
        if (!on.equals(connection) || !on.isOpen()) {
            throw new BackplaneUnavailableException("The connection to Redis was lost");
        }
        highest.saw(adopted.seq());
        backoff.reset();
        Session adoptedSession = new Session(on, adopted.epoch());
        session = adoptedSession;
        log.info("Adopted Redis {}", adopted.epoch());
        onAdopted.forEach(listener -> listener.accept(adoptedSession));
        return adoptedSession;
    }

    private void lost(StatefulRedisConnection<byte[], byte[]> lost, String reason) {
        if (lost.equals(connection)) {
            log.warn("Connection to Redis for commands: {}", reason);
            meters.commandsReplaced.increment();
            connection = null;
            adopting = null;
            session = null;
            var _ = lost.closeAsync();
            connectLater();
        }
    }

    private void connectLater() {
        var _ = loop.schedule(this::connect, backoff.next().toMillis(), TimeUnit.MILLISECONDS);
    }
}
