package dev.ssecluster.stream;

import dev.ssecluster.event.Target;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The topics that streams of this node listen to, each as long as one does. Thread-safe. */
final class Topics {

    /** By kind, so that those of a kind can be counted without looking at all. */
    private final Map<Target.Kind, ConcurrentHashMap<Target, Topic>> topics = new EnumMap<>(Target.Kind.class);

    private final int shards;

    Topics(int shards) {
        this.shards = shards;
        for (Target.Kind kind : Target.Kind.values()) {
            topics.put(kind, new ConcurrentHashMap<>());
        }
    }

    @Nullable Topic find(Target target) {
        return ofKind(target.kind()).get(target);
    }

    /** The names of all targets of that kind. */
    Set<String> names(Target.Kind kind) {
        return ofKind(kind).keySet().stream().map(Target::name).collect(Collectors.toSet());
    }

    /** How many targets of that kind there are. */
    int count(Target.Kind kind) {
        return ofKind(kind).size();
    }

    /** The topic for a stream of that shard: to be called before the stream's work is put into the shard's inbox. */
    Topic retain(Target target, int shard) {
        Topic retained = Objects.requireNonNull(ofKind(target.kind())
                .compute(target, (key, topic) -> (topic == null ? new Topic(key, shards) : topic).retain()));
        retained.announce(shard);
        return retained;
    }

    /** Gives up what was retained once. */
    void release(Target target) {
        ofKind(target.kind()).computeIfPresent(target, (key, topic) -> topic.release());
    }

    private ConcurrentHashMap<Target, Topic> ofKind(Target.Kind kind) {
        return Objects.requireNonNull(topics.get(kind));
    }
}
