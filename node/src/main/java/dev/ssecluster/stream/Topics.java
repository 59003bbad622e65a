package dev.ssecluster.stream;

import dev.ssecluster.event.Target;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The topics that streams of this node listen to, each as long as one does. Thread-safe. */
final class Topics {

    private final ConcurrentHashMap<Target, Topic> topics = new ConcurrentHashMap<>();
    private final int shards;

    Topics(int shards) {
        this.shards = shards;
    }

    @Nullable Topic find(Target target) {
        return topics.get(target);
    }

    /** The names of those of that kind. */
    List<String> names(Target.Kind kind) {
        return topics.keySet().stream().filter(target -> target.kind() == kind).map(Target::name).toList();
    }

    /** The topic for a stream of that shard: to be called before the stream's work is put into the shard's inbox. */
    Topic retain(Target target, int shard) {
        Topic retained = Objects.requireNonNull(
                topics.compute(target, (key, topic) -> (topic == null ? new Topic(key, shards) : topic).retain()));
        retained.announce(shard);
        return retained;
    }

    /** Gives up what was retained once. */
    void release(Target target) {
        topics.computeIfPresent(target, (key, topic) -> topic.release());
    }
}
