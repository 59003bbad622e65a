package dev.ssecluster.subscription;

import dev.ssecluster.stream.Stream;
import dev.ssecluster.stream.Streams;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import static java.util.stream.Collectors.toUnmodifiableMap;

/**
 * The users whose subscriptions could not be read, and those of their streams that may not follow what they should. Each doubt is its
 * own: who has read the rows ends those that were there before, and not one that came meanwhile. Thread-safe.
 */
@Component
final class Doubts {

    /** Of each user, by stream; maps are replaced, never changed. */
    private final ConcurrentHashMap<String, Map<Stream, Doubt>> streams = new ConcurrentHashMap<>();

    /** No two are equal. */
    static final class Doubt {}

    /** Streams that end are forgotten: the database may be away for long, and clients come and go. */
    Doubts(Streams streams) {
        streams.onClosed(this::forget);
    }

    void add(String user, Collection<Stream> doubtful) {
        if (!doubtful.isEmpty()) {
            Doubt doubt = new Doubt();
            streams.merge(user, doubtful.stream().distinct().collect(toUnmodifiableMap(stream -> stream, _ -> doubt)), Doubts::union);
        }
    }

    private static Map<Stream, Doubt> union(Map<Stream, Doubt> some, Map<Stream, Doubt> later) {
        Map<Stream, Doubt> all = new HashMap<>(some);
        all.putAll(later);
        return Map.copyOf(all);
    }

    Map<Stream, Doubt> of(String user) {
        return streams.getOrDefault(user, Map.of());
    }

    /** Ends doubts of before: these streams follow what they should. Of a stream in doubt again that stays. */
    void remove(String user, Map<Stream, Doubt> ended) {
        streams.computeIfPresent(user, (_, all) -> {
            Map<Stream, Doubt> rest = new HashMap<>(all);
            ended.forEach(rest::remove);
            return rest.isEmpty() ? null : Map.copyOf(rest);
        });
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

    private static @Nullable Map<Stream, Doubt> without(Map<Stream, Doubt> all, Stream ended) {
        Map<Stream, Doubt> rest = new HashMap<>(all);
        rest.remove(ended);
        return rest.isEmpty() ? null : Map.copyOf(rest);
    }
}
