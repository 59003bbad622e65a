package dev.ssecluster.subscription;

import dev.ssecluster.stream.Stream;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** The users whose subscriptions could not be read, and those of their streams that may not follow what they should. Thread-safe. */
@Component
final class Doubts {

    private final ConcurrentHashMap<String, Set<Stream>> streams = new ConcurrentHashMap<>();

    void add(String user, Collection<Stream> doubtful) {
        streams.merge(user, Set.copyOf(doubtful), Doubts::union);
    }

    private static Set<Stream> union(Set<Stream> some, Set<Stream> others) {
        Set<Stream> all = new HashSet<>(some);
        all.addAll(others);
        return Collections.unmodifiableSet(all);
    }

    Set<Stream> of(String user) {
        return streams.getOrDefault(user, Set.of());
    }

    /** The user's streams follow what they should. For who lets nobody add to them meanwhile. */
    void remove(String user) {
        streams.remove(user);
    }

    List<String> users() {
        return List.copyOf(streams.keySet());
    }

    int size() {
        return streams.size();
    }
}
