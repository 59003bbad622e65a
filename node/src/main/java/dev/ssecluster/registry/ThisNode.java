package dev.ssecluster.registry;

import dev.ssecluster.backplane.NodeProperties;
import dev.ssecluster.event.EventClock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** What this node says of itself. Thread-safe. */
@Component
class ThisNode {

    private final LocalStreams streams;
    private final EventClock clock;
    private final MeterRegistry meters;
    private final @Nullable String configuredAddress;
    private final String host;
    private final String version;
    private final long startedNanos = System.nanoTime();
    private volatile long started; // microseconds by Redis' clock, once it is known
    private volatile int port;

    ThisNode(LocalStreams streams, EventClock clock, MeterRegistry meters, NodeProperties node, ServerProperties server,
            ObjectProvider<BuildProperties> build) {
        this.streams = streams;
        this.clock = clock;
        this.meters = meters;
        this.configuredAddress = node.address();
        this.host = host(server.getAddress());
        BuildProperties known = build.getIfAvailable();
        this.version = known == null || known.getVersion() == null ? "unknown" : known.getVersion();
    }

    /** The port may have been chosen at the start. */
    @EventListener
    void onStarted(WebServerInitializedEvent event) {
        boolean isManagement = event.getApplicationContext().getServerNamespace() != null;
        if (!isManagement) {
            port = event.getWebServer().getPort();
        }
    }

    NodeInfo info() {
        return new NodeInfo(address(), version, started(), streams.count(), streams.users(), streams.groups().size(),
                published(), delivered(), clock.micros());
    }

    private long published() {
        DistributionSummary calls = meters.find("sse.backplane.publish.batch").summary();
        return calls == null ? 0 : (long) calls.totalAmount();
    }

    private long delivered() {
        Counter events = meters.find("sse.events.delivered").counter();
        return events == null ? 0 : (long) events.count();
    }

    private String address() {
        return configuredAddress == null ? host + ":" + port : configuredAddress;
    }

    private long started() {
        long now = clock.micros();
        if (started == 0 && now > 0) {
            started = now - TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - startedNanos);
        }
        return started;
    }

    private static String host(@Nullable InetAddress bound) {
        try {
            InetAddress known = bound == null || bound.isAnyLocalAddress() ? InetAddress.getLocalHost() : bound;
            return known.getHostAddress();
        } catch (UnknownHostException e) {
            return "unknown"; // a name that does not resolve; sse.node.address says it then
        }
    }
}
