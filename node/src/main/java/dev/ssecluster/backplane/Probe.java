package dev.ssecluster.backplane;

import dev.ssecluster.event.NodeId;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes this node hear itself: a connection that looks open and says nothing, or a Redis that does not answer, is given up. All
 * of it on the loop's thread.
 */
final class Probe {

    private final ProbeScript script;
    private final CommandLink commands;
    private final SubscriptionLink subscriptions;
    private final RedisClock clock;
    private final ScheduledExecutorService loop;
    private final BackplaneProperties properties;
    private final BackplaneMeters meters;
    private long number;

    Probe(
            NodeId node,
            CommandLink commands,
            SubscriptionLink subscriptions,
            RedisClock clock,
            ScheduledExecutorService loop,
            BackplaneProperties properties,
            BackplaneMeters meters) {
        this.script = new ProbeScript(node);
        this.commands = commands;
        this.subscriptions = subscriptions;
        this.clock = clock;
        this.loop = loop;
        this.properties = properties;
        this.meters = meters;
    }

    void start() {
        long interval = properties.probeInterval().toMillis();
        var _ = loop.scheduleWithFixedDelay(this::send, interval, interval, TimeUnit.MILLISECONDS);
    }

    /** Sends one now. */
    void send() {
        Session session = commands.session();
        if (session != null) {
            send(session, subscriptions.live());
        }
    }

    private void send(Session session, @Nullable Subscriptions listening) {
        long sent = System.nanoTime();
        long sentNumber = ++number;
        meters.lag.sent(sentNumber);
        var _ = script.run(session.redis(), session.epoch(), sentNumber)
                .toCompletableFuture()
                .whenComplete((probed, _) -> learn(sent, probed))
                .orTimeout(properties.probeTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .whenCompleteAsync((probed, _) -> sent(session, listening, sentNumber, probed), loop);
    }

    private void learn(long sent, ProbeScript.@Nullable Probed probed) {
        if (probed != null) {
            clock.learn(sent, System.nanoTime(), probed.now());
        }
    }

    private void sent(
            Session session, @Nullable Subscriptions listening, long sentNumber, ProbeScript.@Nullable Probed probed) {
        if (probed == null) {
            meters.probeUnanswered.increment();
            commands.replace(session, "does not answer");
        } else if (probed.isRefused()) {
            var _ = commands.readopt(session);
        } else if (listening != null && probed.receivers() == 0) {
            subscriptions.replace(listening, "Redis does not know it any more");
        } else if (listening != null) {
            expect(listening, sentNumber);
        }
    }

    private void expect(Subscriptions listening, long sentNumber) {
        var _ = loop.schedule(() -> {
            if (listening.inbound().probeHeard() < sentNumber) {
                meters.probeUnheard.increment();
                subscriptions.replace(listening, "deaf");
            }
        }, properties.probeTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }
}
