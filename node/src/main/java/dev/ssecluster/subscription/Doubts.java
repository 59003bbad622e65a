package dev.ssecluster.subscription;

import dev.ssecluster.stream.Stream;
import dev.ssecluster.stream.Streams;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The users whose subscriptions could not be read, and those of their streams that may not follow what they should. Thread-safe. */
@Component
final class Doubts {

    private final ConcurrentHashMap<String, Set<Stream>> streams = new ConcurrentHashMap<>(); // sets are replaced, never changed

    /** Streams that end are forgotten: the database may be away for long, and clients come and go. */
    Doubts(Streams streams) {
        streams.onClosed(this::forget);
    }

    void add(String user, Collection<Stream> doubtful) {
        if (!doubtful.isEmpty()) {
            streams.merge(user, Set.copyOf(doubtful), Doubts::union);
        }
    }

    private static Set<Stream> union(Set<Stream> some, Set<Stream> others) {
        Set<Stream> all = new HashSet<>(some);
        all.addAll(others);
        return Set.copyOf(all);
    }

    Set<Stream> of(String user) {
        return streams.getOrDefault(user, Set.of());
    }

    /** The user's streams follow what they should. */
    void remove(String user) {
        streams.remove(user);
    }

    List<String> users() {
        return List.copyOf(streams.keySet());
    }

    int size() {
        return streams.size();
    }

    private void forget(Stream ended) {
        String user = streams.isEmpty() ? null : ended.info().userId();
        if (user != null) {
            streams.computeIfPresent(user, (_, all) -> without(all, ended));
        }
    }

    private static @Nullable Set<Stream> without(Set<Stream> all, Stream ended) {
        Set<Stream> rest = new HashSet<>(all);
        rest.remove(ended);
        return rest.isEmpty() ? null : Set.copyOf(rest);
    }
}
