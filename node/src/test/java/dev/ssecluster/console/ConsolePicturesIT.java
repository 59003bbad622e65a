package dev.ssecluster.console;

import dev.ssecluster.test.SseClient;
import dev.ssecluster.test.TestNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

/** Makes the pictures of README.md, of a cluster under some load: {@code -Dsse.console.screenshots=docs/images}. */
@EnabledIfSystemProperty(named = "sse.console.screenshots", matches = ".+")
class ConsolePicturesIT {

    private static final String[] EVENTS = {
        "\"event_type\":\"price\",\"data\":{\"symbol\":\"ACME\",\"price\":%d.25}",
        "\"event_type\":\"headline\",\"data\":{\"title\":\"Tide tables for the week\",\"n\":%d}",
        "\"event_type\":\"order.shipped\",\"data\":{\"order\":\"A-%d\",\"carrier\":\"Swift\"}",
    };

    private static final TestNode[] nodes = new TestNode[3];
    private static final List<SseClient> audience = new ArrayList<>();
    private static final ScheduledExecutorService publisher = Executors.newSingleThreadScheduledExecutor();
    private static final AtomicInteger sent = new AtomicInteger();
    private static ConsolePage page;

    @BeforeAll
    static void start() {
        page = new ConsolePage();
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = TestNode.start("sse.node.id=node-" + (i + 1));
        }
        for (int i = 0; i < 24; i++) {
            audience.add(nodes[i % 3].stream("/stream?user_id=user-" + i + "&group=news"));
        }
        var _ = publisher.scheduleAtFixedRate(ConsolePicturesIT::send, 0, 120, MILLISECONDS);
    }

    /** More at some times than at others. */
    private static void send() {
        int n = sent.incrementAndGet();
        for (int i = 0; i < 1 + 3 * Math.abs(Math.sin(n / 30.0)); i++) {
            nodes[1].post("/send/group", "{\"group\":\"news\"," + EVENTS[(n + i) % 3].formatted(100 + n % 100) + "}");
        }
    }

    @AfterAll
    static void stop() {
        publisher.shutdownNow();
        page.close();
        audience.forEach(SseClient::close);
        for (TestNode node : nodes) {
            node.close();
        }
    }

    private static void awaitSent(int more) {
        int until = sent.get() + more;
        await().atMost(90, SECONDS).until(() -> sent.get() >= until);
    }

    @Test
    void pictures() {
        page.open(nodes[0].port(), "live").stream("alice", "news").stream("bob", "sports");
        awaitSent(5);
        page.click("#send-form [name=priority][value='1']").click("#send-form [name=persist]").click("#send-form .primary");
        page.awaitText("#log .event .type", "notification");
        awaitSent(2);
        page.string("scrollTo(0, 0)");
        page.picture("console-live").window(390, 844, "light").picture("console-phone");
        page.window(1280, 900, "dark").go("cluster");
        awaitSent(400);
        page.type("#who-form [name=name]", "alice").click("#who-form .primary").awaitText("#who", "online").string("scrollTo(0, 0)");
        page.picture("console-cluster-dark").window(1280, 900, "light").picture("console-cluster");
        page.go("scenarios").click("[data-scenario=notifications] button").awaitText(".steps", "New sign-in").picture("console-scenarios");
        page.click("[data-scenario=operations] button").awaitText(".steps", "above 80 %");
        page.window(390, 844, "dark").string("document.querySelector('#stage').scrollIntoView()");
        page.picture("console-phone-dark");
    }
}
