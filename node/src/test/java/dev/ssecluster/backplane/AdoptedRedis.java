package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.NodeId;
import dev.ssecluster.event.Target;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import static org.awaitility.Awaitility.await;

/**
 * What runs a script, without the rest of the backplane. To be registered as a field of the test's instance, behind its Redis: each
 * test finds that empty and adopted.
 */
final class AdoptedRedis implements BeforeEachCallback, AfterEachCallback {

    final BackplaneMeters meters = new BackplaneMeters(new SimpleMeterRegistry());
    final RedisClock clock = new RedisClock();
    final Scripts scripts;
    private final RedisServerExtension redis;
    private final RedisConnector connector;
    private final Loop loop = new Loop();
    private final CommandLink commands;
    private final PublishScript publish =
            new PublishScript(TestNode.HISTORY, new JournalProperties(100_000));

    AdoptedRedis(RedisServerExtension redis) {
        this.redis = redis;
        Duration timeout = Duration.ofSeconds(1);
        connector = new RedisConnector(redis.details(), NodeId.random(), timeout);
        var adopt = new AdoptScript(new HighestStored(() -> 0));
        commands = new CommandLink(adopt, connector, loop, clock, new HighestId(), meters, timeout);
        scripts = new Scripts(commands, timeout);
        commands.start();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        session();
        redis.redis().flushall();
        readopt();
    }

    /** Waits for it. */
    Session session() {
        await().until(() -> commands.session() != null);
        Session session = commands.session();
        if (session == null) {
            throw new IllegalStateException("lost again");
        }
        return session;
    }

    /** Redis was emptied: adopts it again. */
    Session readopt() {
        return TestNode.get(commands.readopt(session()));
    }

    /** Publishes persisted messages, and answers with their events, as the journal has them. */
    List<Event> publish(Target... targets) {
        Session session = session();
        List<Publication> messages = List.of(targets).stream().map(TestNode::persisted).toList();
        long[] deadlines = messages.stream().mapToLong(_ -> Long.MAX_VALUE / 1024).toArray();
        PublishAnswer answer = TestNode.get(publish.run(
                        session.redis(), session.epoch(), messages.stream().map(PublishScript.Outgoing::of).toList(), deadlines)
                .toCompletableFuture());
        List<PublishResult> results = answer.results(messages.size());
        return IntStream.range(0, results.size()).mapToObj(i -> TestNode.event(results.get(i), messages.get(i))).toList();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        loop.stop();
        connector.close();
    }
}
