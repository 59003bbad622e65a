package dev.ssecluster.limit;

import io.micrometer.core.instrument.MeterRegistry;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ServerConnector;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Watches the connections of the public port. */
@Configuration(proxyBeanMethods = false)
class ConnectionWatchConfiguration {

    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> connectionWatch(ConnectionLimits limits, MeterRegistry meters) {
        return factory -> factory.addServerCustomizers(server -> {
            for (Connector connector : server.getConnectors()) {
                if (connector instanceof ServerConnector tcp) {
                    ConnectionWatch.over(tcp, Times.of(limits), meters);
                }
            }
        });
    }
}
