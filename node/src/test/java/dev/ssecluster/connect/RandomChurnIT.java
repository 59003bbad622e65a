package dev.ssecluster.connect;

import dev.ssecluster.loadtest.SseParser;
import dev.ssecluster.test.SseClient;
import dev.ssecluster.test.TestNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Streams come and go on three nodes while events are sent to everything. Whatever was accepted after a stream's first cursor
 * and before its last event must have arrived on it, once, ascending; so a hole while attaching, a channel given up too early
 * and a lost wake-up all show.
 */
class RandomChurnIT {

    private static final Logger log = LoggerFactory.getLogger(RandomChurnIT.class);
    private static final Pattern EVENT_ID = Pattern.compile("\"event_id\":\"([0-9]+)\"");
    private static final int USERS = 6;
    private static final int GROUPS = 3;

    private record Accepted(long id, String target) {}

    private record Subject(SseClient client, String user, String group) {}

    private final ConcurrentLinkedQueue<Accepted> accepted = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Subject> finished = new ConcurrentLinkedQueue<>();

    @Test
    void whenStreamsChurnThenNoneMissesOrRepeatsAnything() throws Exception {
        long seed = ThreadLocalRandom.current().nextLong();
        log.info("seed {}", seed);
        List<TestNode> nodes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            nodes.add(TestNode.start("sse.backplane.give-up-delay=1ms"));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Random random = new Random(seed + i);
                work.add(threads.submit(() -> send(nodes, random)));
                work.add(threads.submit(() -> churn(nodes, new Random(random.nextLong()))));
            }
            for (Future<?> each : work) {
                each.get();
            }
            await().untilAsserted(() -> assertThat(nodes).allSatisfy(node -> assertThat(node.streams()).isZero()));
        } finally {
            nodes.forEach(TestNode::close);
        }
        assertThat(finished).hasSizeGreaterThan(200).allSatisfy(this::check);
        assertThat(finished.stream().mapToLong(subject -> subject.client.events().size()).sum()).isGreaterThan(1_000);
    }

    private void send(List<TestNode> nodes, Random random) {
        for (int i = 0; i < 400; i++) {
            String target = switch (random.nextInt(8)) {
                case 0 -> "broadcast";
                case 1, 2, 3 -> "group:g" + random.nextInt(GROUPS);
                default -> "user:u" + random.nextInt(USERS);
            };
            String body = nodes.get(random.nextInt(3)).post(path(target), body(target)).body();
            var id = EVENT_ID.matcher(body);
            assertThat(id.find()).as(body).isTrue();
            accepted.add(new Accepted(Long.parseLong(id.group(1)), target));
        }
    }

    private static String path(String target) {
        return target.equals("broadcast") ? "/broadcast" : target.startsWith("group") ? "/send/group" : "/send";
    }

    private static String body(String target) {
        String name = target.substring(target.indexOf(':') + 1);
        String to = target.equals("broadcast") ? "" : target.startsWith("group") ? "\"group\":\"churn-" + name + "\"," : "\"user_id\":\"churn-" + name + "\",";
        return "{" + to + "\"event_type\":\"t\",\"data\":\"" + target + "\"}";
    }

    private void churn(List<TestNode> nodes, Random random) {
        List<Subject> open = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String user = "u" + random.nextInt(USERS);
            String group = "g" + random.nextInt(GROUPS);
            open.add(new Subject(nodes.get(random.nextInt(3)).stream("/stream?user_id=churn-" + user + "&group=churn-" + group), user, group));
            while (open.size() > random.nextInt(12)) {
                Subject closing = open.remove(random.nextInt(open.size()));
                closing.client.close();
                finished.add(closing);
            }
        }
        open.forEach(subject -> subject.client.close());
        finished.addAll(open);
    }

    private void check(Subject subject) {
        List<Long> ids = subject.client.events().stream().map(SseParser.Received::lastEventId).map(Long::parseLong).toList();
        long first = Long.parseLong(subject.client.received().getFirst().lastEventId());
        long last = ids.isEmpty() ? first : ids.getLast();
        ConcurrentHashMap.KeySetView<Long, Boolean> expected = ConcurrentHashMap.newKeySet();
        accepted.stream().filter(event -> event.id > first && event.id <= last && isFor(event, subject)).forEach(event -> expected.add(event.id));
        assertThat(ids).isSorted().doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
        assertThat(subject.client.received()).noneMatch(event -> event.type().equals("sse.reset"));
    }

    private static boolean isFor(Accepted event, Subject subject) {
        return event.target.equals("broadcast") || event.target.equals("user:" + subject.user) || event.target.equals("group:" + subject.group);
    }
}
