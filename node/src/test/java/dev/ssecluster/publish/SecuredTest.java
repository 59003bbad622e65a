package dev.ssecluster.publish;

import dev.ssecluster.test.TestTokens;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.ContextConfiguration;

/** A test against {@link PublishNode} in mode {@code jwt}; all of them share one running server. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        classes = PublishNode.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "sse.security.query-token=true",
            "sse.security.allowed-origins=https://app.example,http://localhost:3000",
            "server.jetty.accesslog.enabled=true",
            "server.jetty.accesslog.filename=target/access.log",
            "server.jetty.accesslog.append=false"
        })
@ContextConfiguration(initializers = TestTokens.Initializer.class)
public @interface SecuredTest {}
