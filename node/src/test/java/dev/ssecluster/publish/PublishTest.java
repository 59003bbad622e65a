package dev.ssecluster.publish;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;

/** A test against {@link PublishNode}; all of them share one running server. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        classes = PublishNode.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "sse.security.mode=none",
            "sse.security.allowed-hosts=push.example",
            "server.jetty.connection-idle-timeout=2s",
            "sse.http.max-body-bytes=128KB",
            "sse.http.max-batch-bytes=256KB"
        })
public @interface PublishTest {}
