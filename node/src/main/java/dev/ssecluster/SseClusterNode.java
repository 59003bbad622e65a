package dev.ssecluster;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** A node. All nodes are identical and hold nothing but their own open streams. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class SseClusterNode {

    public static void main(String[] args) {
        SpringApplication.run(SseClusterNode.class, args);
    }
}
