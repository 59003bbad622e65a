package dev.ssecluster.registry;

import com.sun.management.OperatingSystemMXBean;
import dev.ssecluster.event.EventClock;
import dev.ssecluster.event.Target;
import dev.ssecluster.stream.Stream;
import dev.ssecluster.stream.StreamOptions;
import dev.ssecluster.stream.Streams;
import dev.ssecluster.test.RedisServer;
import dev.ssecluster.test.TestNode;
import dev.ssecluster.test.TestServices;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;

/**
 * What the registry costs a node with many streams, and Redis: a whole node with 50 000 streams of 50 000 users that are registered but
 * have no sockets, so that nothing but the registry has to do with them. No test of the build: run it with {@code -Dit.test=RegistryFigures}.
 * Processor time is that of the whole process, with the compiler and the collector, less what the same node needs without a stream.
 */
class RegistryFigures {

    private static final Pattern USED = Pattern.compile("used_cpu_(?:sys|user):([0-9.]+)");

    private final int count = Integer.getInteger("sse.test.streams", 50_000);
    private final Duration time = Duration.ofSeconds(Integer.getInteger("sse.test.seconds", 200)); // each is refreshed twice
    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /** Processor time used so far, seconds. */
    private record Used(double node, double redis) {

        Used since(Used before) {
            return new Used(node - before.node, redis - before.redis);
        }

        void print(String what, Duration time) {
            System.out.printf("%-45s node %6.2f s = %5.2f %% of a core, Redis %6.2f s = %5.2f %%%n", what,
                    node, 100 * node / time.toSeconds(), redis, 100 * redis / time.toSeconds());
        }
    }

    @Test
    void whenANodeHasManyStreamsThenRefreshingThemCostsLittle() {
        try (RedisServer redis = TestServices.newRedis();
                TestNode node = TestNode.startOn(redis);
                RedisClient client = RedisClient.create(redis.uri())) {
            node.awaitReady();
            RedisCommands<String, String> commands = client.connect().sync();
            Streams streams = node.bean(Streams.class);
            Registry registry = node.bean(Registry.class);
            arrivals("first", node, streams, registry, commands).forEach(streams::abandon);
            await().atMost(Duration.ofMinutes(1)).until(() -> streams.count() == 0);
            Used empty = measure(commands);
            empty.print("without streams", time);
            List<Stream> open = arrivals("warm", node, streams, registry, commands);
            await().atMost(Duration.ofMinutes(1)).until(() -> commands.scard("sse:{0}:present") == count);
            Used full = measure(commands);
            full.print("with " + count + " streams", time);
            full.since(empty).print("the registry", time);
            open.forEach(streams::abandon);
        }
    }

    /** As they come when a node that had them died: as many at a time as there are. */
    private List<Stream> arrivals(
            String what, TestNode node, Streams streams, Registry registry, RedisCommands<String, String> redis) {
        Random random = new Random(1);
        EventClock clock = node.bean(EventClock.class);
        List<Stream> open = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            open.add(streams.register(options(i, random, clock.micros())).orElseThrow());
        }
        Used before = used(redis);
        long begin = System.nanoTime();
        List<CompletableFuture<Admission>> admissions = open.stream().map(stream -> registry.arrive(stream.info())).toList();
        admissions.forEach(CompletableFuture::join);
        double seconds = (System.nanoTime() - begin) / 1e9;
        Used used = used(redis).since(before);
        System.out.printf("arrivals, %s: %,d in %.2f s; for 1 000: node %.1f ms, Redis %.1f ms of processor time%n", what, count, seconds,
                1e6 * used.node / count, 1e6 * used.redis / count);
        return open;
    }

    private static StreamOptions options(int number, Random random, long now) {
        String client = "client-" + number;
        List<Target> targets = List.of(Target.user("user-" + number), Target.client(client), Target.group("notifications"),
                Target.group("group-" + number % 1_000), Target.BROADCAST);
        return new StreamOptions(targets, 1, false, false, false, HexFormat.of().toHexDigits(random.nextLong()), now,
                StreamOptions.NEVER, _ -> true);
    }

    private Used measure(RedisCommands<String, String> redis) {
        Used before = used(redis);
        await().pollDelay(time).timeout(time.plusMinutes(1)).until(() -> true);
        return used(redis).since(before);
    }

    private Used used(RedisCommands<String, String> redis) {
        double ofRedis = USED.matcher(redis.info("cpu")).results().map(MatchResult::group)
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(':') + 1))).sum();
        return new Used(system.getProcessCpuTime() / (double) TimeUnit.SECONDS.toNanos(1), ofRedis);
    }
}
