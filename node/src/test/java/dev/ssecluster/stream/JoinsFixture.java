package dev.ssecluster.stream;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;

/** A stream with an owner, and a second group that it may join. */
abstract class JoinsFixture extends ShardFixture {

    static final Duration LIMIT = Duration.ofSeconds(ShardJoins.LIMIT_SECONDS + 1);

    final Topic other = new Topic(Target.group("other"), 1);
    final RecordingSink sink = openOwned(nextId);
    final Stream stream = sink.stream;

    Hold hold() {
        return streams.joins().hold(user).join().getFirst();
    }

    boolean join(Set<String> types) {
        return streams.joins().join(stream, other, types);
    }

    Event missed(long id, String type, boolean persisted) {
        return new Event(id, other.target(), Priority.NORMAL, persisted, 0, type, "1".getBytes(StandardCharsets.UTF_8));
    }

    void deliver(long id, String type, Topic topic) {
        Event event = new Event(id, topic.target(), Priority.NORMAL, false, 0, type, "1".getBytes(StandardCharsets.UTF_8));
        streams.deliver(new EncodedEvent(event), topic);
        nextId = id;
    }

    void settle(Hold hold, Event... missed) {
        streams.joins().settle(hold, Arrays.stream(missed).filter(hold.stream().memberships()::takes).map(EncodedEvent::new).toList());
        endTurn();
    }

    void tick(Duration later) {
        streams.endTurn(System.nanoTime() + later.toNanos());
        endTurn();
    }
}
