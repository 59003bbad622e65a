package dev.ssecluster.backplane;

import dev.ssecluster.backplane.Leases.Incarnation;
import dev.ssecluster.backplane.Leases.NodeState;
import dev.ssecluster.backplane.Leases.Swept;
import dev.ssecluster.backplane.Leases.UserLeases;
import dev.ssecluster.backplane.Leases.Written;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.NodeId;
import dev.ssecluster.event.Target;
import io.lettuce.core.Range;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Runs the scripts of the registry by hand, with the time in the hands of the test: what is stored is made older or younger. */
final class PresenceFixture {

    static final PresenceProperties PRESENCE = new PresenceProperties(
            Duration.ofMinutes(5), Duration.ofMinutes(10), Duration.ofSeconds(10), Duration.ofDays(30));
    static final NodeProperties MEMBERSHIP = new NodeProperties(Duration.ofSeconds(8), Duration.ofSeconds(2), null);

    private static final int MOST_OF_USER = 20;

    final Leases leases;
    private final RedisServerExtension redis;
    private long connections;

    PresenceFixture(RedisServerExtension redis, AdoptedRedis adopted) {
        this.redis = redis;
        this.leases = new RedisLeases(adopted.scripts, adopted.clock, PRESENCE, MEMBERSHIP, TestNode.HISTORY);
    }

    Incarnation begin(String id) {
        Incarnation node = Incarnation.of(new NodeId(id));
        TestNode.get(leases.renew(new NodeState(node, true, "{\"of\":\"" + id + "\"}", true, null, Set.of(), Set.of())));
        return node;
    }

    /** As it does when Redis is another one. */
    Incarnation replace(Incarnation former) {
        Incarnation next = Incarnation.of(new NodeId(former.node()));
        TestNode.get(leases.renew(new NodeState(next, true, "{}", true, former, Set.of(), Set.of())));
        return next;
    }

    boolean renew(Incarnation node, Set<String> groups, Set<String> gone) {
        return TestNode.get(leases.renew(new NodeState(node, false, "{}", false, null, groups, gone))).isHeld();
    }

    /** As if it had not been renewed for that long after its end. */
    void lapse(Incarnation node, Duration ago) {
        redis.redis().zadd(Keys.NODES, (double) (now() - ago.toMillis() * 1_000), node.name().getBytes(UTF_8));
    }

    LeaseChange stream(String client, @Nullable String user) {
        String connection = "%016x".formatted(++connections);
        return new LeaseChange(LeaseChange.Kind.ARRIVAL, connection, client, user, "{\"no\":" + connections + "}");
    }

    static LeaseChange as(LeaseChange.Kind kind, LeaseChange stream) {
        return new LeaseChange(kind, stream.connection(), stream.client(), stream.user(), stream.info());
    }

    Written write(Incarnation node, LeaseChange... changes) {
        return TestNode.get(leases.write(node, MOST_OF_USER, List.of(changes)));
    }

    LeaseChange arrive(Incarnation node, String client, @Nullable String user) {
        LeaseChange stream = stream(client, user);
        write(node, stream);
        return stream;
    }

    void depart(Incarnation node, LeaseChange stream) {
        write(node, as(LeaseChange.Kind.DEPARTURE, stream));
    }

    Swept sweep() {
        return TestNode.get(leases.sweep());
    }

    UserLeases user(String user) {
        return TestNode.get(leases.user(user));
    }

    /** Lets all be looked at, as if the user's grace had passed. */
    void passGrace(String user) {
        redis.redis().set(Keys.seen(user), LuaScript.number(now() - PRESENCE.grace().toMillis() * 1_000 - 1));
        lookAt(user);
    }

    /** Now. */
    void lookAt(String user) {
        redis.redis().zadd(Keys.PRESENCE_DUE, (double) now(), user.getBytes(UTF_8));
    }

    /** When the user is looked at next, from now on. */
    Duration lookedAtIn(String user) {
        double at = redis.redis().zscore(Keys.PRESENCE_DUE, user.getBytes(UTF_8));
        return Duration.of((long) at - now(), ChronoUnit.MICROS);
    }

    long now() {
        List<byte[]> time = redis.redis().time();
        return Long.parseLong(new String(time.get(0), UTF_8)) * 1_000_000 + Long.parseLong(new String(time.get(1), UTF_8));
    }

    /** What was announced about the user, from the history of its group. */
    List<String> announced(String user) {
        return announcements(user).stream().map(event -> event.type() + " " + new String(event.data(), UTF_8)).toList();
    }

    List<Event> announcements(String user) {
        Target group = Target.group("presence:" + user);
        return redis.redis().xrange(Keys.history(group), Range.unbounded()).stream()
                .flatMap(entry -> entry.getBody().values().stream())
                .flatMap(frame -> Frame.decode(group, frame) instanceof Frame.Delivery(Event event) ? Stream.of(event) : Stream.empty())
                .toList();
    }

    static String status(String user, String status) {
        return "user_status {\"user_id\":\"" + user + "\",\"status\":\"" + status + "\"}";
    }

    boolean exists(byte[] key) {
        return redis.redis().exists(key) == 1;
    }
}
