package dev.ssecluster.stream;

import java.io.IOException;
import java.util.concurrent.Executors;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Makes Jetty fit for many connections that stay: queue of new ones, send buffers, dead peers, threads. */
@Configuration(proxyBeanMethods = false)
class JettyConfiguration {

    private static final Logger log = LoggerFactory.getLogger(JettyConfiguration.class);

    private static final int MILLIS_IDLE = 10_000;
    private static final int THREADS_AT_ONCE = 50; // that leave the pool after that time

    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> streamConnectors(StreamProperties properties) {
        return new ConnectorCustomizer(properties);
    }

    /** Comes after Spring Boot's own customizers, one of which would run Jetty's selectors on virtual threads, too. */
    private record ConnectorCustomizer(StreamProperties properties)
            implements WebServerFactoryCustomizer<JettyServletWebServerFactory>, Ordered {

        @Override
        public int getOrder() {
            return LOWEST_PRECEDENCE;
        }

        @Override
        public void customize(JettyServletWebServerFactory factory) {
            factory.setThreadPool(threadPool());
            factory.addServerCustomizers(this::customize);
        }

        /** Selectors and acceptors are platform threads; requests are handled by virtual ones. */
        private static QueuedThreadPool threadPool() {
            QueuedThreadPool pool = new QueuedThreadPool();
            pool.setName("http");
            pool.setIdleTimeout(MILLIS_IDLE); // many connections that end at once make it grow
            pool.setMaxEvictCount(THREADS_AT_ONCE);
            pool.setVirtualThreadsExecutor(
                    Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request").factory()));
            return pool;
        }

        private static void hideVersion(ConnectionFactory protocol) {
            if (protocol instanceof HttpConfiguration.ConnectionFactory http) {
                http.getHttpConfiguration().setSendServerVersion(false);
            }
        }

        private void customize(Server server) {
            for (Connector connector : server.getConnectors()) {
                if (connector instanceof ServerConnector tcp) {
                    tcp.setAcceptQueueSize(properties.acceptQueue());
                    tcp.setAcceptedSendBufferSize((int) properties.sendBuffer().toBytes());
                    tcp.addEventListener(new UserTimeout(properties));
                    tcp.getConnectionFactories().forEach(ConnectorCustomizer::hideVersion);
                }
            }
        }
    }

    /**
     * A peer that vanishes right after a heartbeat was acknowledged is noticed one interval later, by the next one that is not;
     * together that is the client timeout.
     */
    private record UserTimeout(StreamProperties properties) implements LifeCycle.Listener {

        @Override
        public void lifeCycleStarted(LifeCycle connector) {
            long millis = properties.clientTimeout().minus(properties.heartbeatInterval()).toMillis();
            try {
                new ListeningSocket(((ServerConnector) connector).getLocalPort()).setUserTimeout((int) millis);
            } catch (IOException e) {
                log.warn("Peers that vanish without closing are noticed late here: {}", e.getMessage());
            }
        }
    }
}
