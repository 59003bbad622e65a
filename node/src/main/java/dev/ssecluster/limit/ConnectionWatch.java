package dev.ssecluster.limit;

import dev.ssecluster.metric.MeterNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * Cuts connections that keep a request from coming to its end. Jetty has only idle timeouts, which a byte now and then puts off
 * for ever. So all connections are looked at several times within the header timeout: a request costs nothing for it, a
 * connection one entry, and an open stream, whose connection has been taken over, none.
 *
 * <p>The looking thread reads what other threads write, without a lock. What it sees may be torn between two requests; so only a
 * connection is cut that is late at two looks in turn.
 */
final class ConnectionWatch implements Connection.Listener, LifeCycle.Listener {

    private static final int LOOKS = 8; // within the header timeout, so that it is kept to about a quarter
    private static final long LONGEST_PERIOD = TimeUnit.SECONDS.toNanos(1);

    private final ServerConnector connector;
    private final Times times;
    private final long period; // nanoseconds
    private final Map<Lateness, Counter> cuts = new EnumMap<>(Lateness.class);
    private final Map<Connection, Watched> connections = new ConcurrentHashMap<>();
    private Map<Connection, Lateness> suspects = Map.of();

    private ConnectionWatch(ServerConnector connector, Times times, MeterRegistry meters) {
        this.connector = connector;
        this.times = times;
        this.period = Math.min(LONGEST_PERIOD, Math.max(1, times.head() / LOOKS));
        for (Lateness lateness : Lateness.values()) {
            cuts.put(lateness, meters.counter(MeterNames.CONNECTIONS_CUT, MeterNames.REASON, lateness.label()));
        }
    }

    /** Watches the connections of a connector that has not started yet. */
    static ConnectionWatch over(ServerConnector connector, Times times, MeterRegistry meters) {
        ConnectionWatch watch = new ConnectionWatch(connector, times, meters);
        connector.addEventListener(watch);
        return watch;
    }

    @Override
    public void lifeCycleStarted(LifeCycle started) {
        connector.getScheduler().schedule(this::look, period, TimeUnit.NANOSECONDS);
    }

    @Override
    public void onOpened(Connection connection) {
        Watched watched = watched(connection, System.nanoTime());
        if (watched != null) {
            connections.put(connection, watched);
        }
    }

    /** Also when another protocol takes over, and when a stream does. */
    @Override
    public void onClosed(Connection connection) {
        connections.remove(connection);
    }

    int watched() {
        return connections.size();
    }

    /** TLS itself is not watched, but what is in it. */
    private @Nullable Watched watched(Connection connection, long now) {
        return switch (connection) {
            case HttpConnection http -> new Http1Watched(http, times, now);
            case HTTP2Connection http -> new Http2Watched(http, times, now);
            case SslConnection _ -> null;
            default -> new SilentWatched(now + times.head());
        };
    }

    private void look() {
        try {
            suspects = lookOnce(System.nanoTime());
        } finally {
            connector.getScheduler().schedule(this::look, period, TimeUnit.NANOSECONDS);
        }
    }

    private Map<Connection, Lateness> lookOnce(long now) {
        Map<Connection, Lateness> late = new ConcurrentHashMap<>();
        connections.forEach((connection, watched) -> {
            Lateness lateness = watched.late(now);
            if (lateness != null && lateness == suspects.get(connection)) {
                cut(connection, lateness);
            } else if (lateness != null) {
                late.put(connection, lateness);
            }
        });
        return late;
    }

    private void cut(Connection connection, Lateness lateness) {
        connections.remove(connection);
        Counter counter = cuts.get(lateness);
        if (counter != null) {
            counter.increment();
        }
        connection.getEndPoint().close(new TimeoutException("The " + lateness.label() + " takes too long"));
    }
}
