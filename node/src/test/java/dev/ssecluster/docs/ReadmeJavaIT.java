package dev.ssecluster.docs;

import dev.ssecluster.model.InboxMessage;
import dev.ssecluster.model.Json;
import dev.ssecluster.model.MarkRead;
import dev.ssecluster.model.Priority;
import dev.ssecluster.model.Send;
import dev.ssecluster.model.SseClusterApi;
import dev.ssecluster.test.SseClient;
import dev.ssecluster.test.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** README's Java lines, compiled and run by a Spring application against a node. */
class ReadmeJavaIT {

    private static final String ORDER = "{\"id\":42,\"customer\":\"anna\"}";

    private static final TestNode NODE = TestNode.start();
    private static final AnnotationConfigApplicationContext APPLICATION = application();

    private final Shop shop = APPLICATION.getBean(Shop.class);
    private final SseClusterApi sse = APPLICATION.getBean(SseClusterApi.class);

    record Order(long id, String customer) {}

    @Configuration(proxyBeanMethods = false)
    static class Shop {

// README begins
@Bean
SseClusterApi sseCluster(@Value("${sse-cluster.url}") String url) {
    RestClientAdapter http = RestClientAdapter.create(RestClient.create(url));
    return HttpServiceProxyFactory.builderFor(http).build().createClient(SseClusterApi.class);
}

void shipped(SseClusterApi sse, Order order) {
    sse.send(Send.toUser(order.customer()).type("order.shipped").data(order).priority(Priority.HIGH));
    sse.sendToGroup(Send.toGroup("dispatch").type("order.shipped").data(order).idempotencyKey("shipped-" + order.id()));
    sse.broadcast(Send.toEveryone().type("orders").data(new Json("{\"shipped\":1}")));
}

void invoiced(SseClusterApi sse, Order order) { // stored, for 7 days: for users who are away
    sse.send(Send.toUser(order.customer()).type("invoice").data(order).persist().ttl(Duration.ofDays(7)));
}

long showInbox(SseClusterApi sse, String customer, Consumer<InboxMessage> screen) { // answers how many are still unread
    List<InboxMessage> newest = sse.inbox(customer).data();
    newest.forEach(screen);
    return sse.markRead(MarkRead.messages(customer, newest.stream().map(InboxMessage::eventId).toList())).data().unread();
}
// README ends
    }

    private static AnnotationConfigApplicationContext application() {
        AnnotationConfigApplicationContext application = new AnnotationConfigApplicationContext();
        application.getEnvironment().getPropertySources().addFirst(
                new MapPropertySource("test", Map.of("sse-cluster.url", "http://127.0.0.1:" + NODE.port())));
        application.register(Shop.class);
        application.refresh();
        return application;
    }

    @AfterAll
    static void stop() {
        APPLICATION.close();
        NODE.close();
    }

    @Test
    void whenReadmeShowsJavaThenItIsThisCode() {
        Document source = Document.read("node/src/test/java/dev/ssecluster/docs/ReadmeJavaIT.java");
        assertThat(Document.read("README.md").blocks("java"))
                .isEqualTo(source.between("// README begins\n", "// README ends\n").subList(0, 1));
    }

    @Test
    void whenAnApplicationSendsThenUserGroupAndEveryoneReceive() {
        try (SseClient customer = NODE.stream("/stream?user_id=anna");
                SseClient dispatcher = NODE.stream("/stream?group=dispatch");
                SseClient other = NODE.stream("/stream")) {
            shop.shipped(sse, new Order(42, "anna"));
            await().untilAsserted(() -> {
                assertThat(customer.data()).isEqualTo(List.of(ORDER, "{\"shipped\":1}"));
                assertThat(dispatcher.data()).isEqualTo(List.of(ORDER, "{\"shipped\":1}"));
                assertThat(other.data()).isEqualTo(List.of("{\"shipped\":1}"));
            });
        }
    }

    @Test
    void whenAnApplicationStoresThenTheCustomerFindsItInTheInbox() {
        shop.invoiced(sse, new Order(42, "berta"));
        shop.invoiced(sse, new Order(43, "berta"));
        List<InboxMessage> shown = new ArrayList<>();
        assertThat(shop.showInbox(sse, "berta", shown::add)).isZero();
        assertThat(shown).extracting(InboxMessage::data)
                .containsExactly(Map.of("id", 43, "customer", "berta"), Map.of("id", 42, "customer", "berta"));
        assertThat(sse.unread("berta").data().unread()).isZero();
    }
}
