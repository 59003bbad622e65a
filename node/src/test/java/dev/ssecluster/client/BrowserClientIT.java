package dev.ssecluster.client;

import dev.ssecluster.test.Browser;
import dev.ssecluster.test.TestNode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

import static java.util.Objects.requireNonNull;

/** sse-client.js, as a node serves it, in Chromium. One browser for all. */
class BrowserClientIT {

    private static @Nullable TestNode node;
    private static @Nullable Browser browser;

    @BeforeAll
    static void start() {
        browser = Browser.start();
        node = TestNode.start("sse.stream.retry-min=100ms", "sse.stream.retry-max=200ms", "sse.stream.heartbeat-interval=800ms");
    }

    @AfterAll
    static void stop() {
        browser().close();
        node().close();
    }

    static TestNode node() {
        return requireNonNull(node);
    }

    static Browser browser() {
        return requireNonNull(browser);
    }

    @Nested
    class Pages extends PageCases {}

    @Nested
    class BrokenStreams extends BrokenStreamCases {}

    @Nested
    class Tokens extends TokenCases {}

    @Nested
    class Tabs extends TabCases {}
}
