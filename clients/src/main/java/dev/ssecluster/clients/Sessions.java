package dev.ssecluster.clients;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Streams that run in another process, by number. Thread-safe. */
final class Sessions {

    private final AtomicInteger last = new AtomicInteger();
    private final Map<Integer, Listener> listeners = new ConcurrentHashMap<>();

    /** What a script tells: an event, or why it has given up. */
    record Told(int session, boolean event, @Nullable String type, @Nullable String id, @Nullable String data,
            @Nullable String why) {}

    /** The number of a new one. */
    int begin(Listener listener) {
        int session = last.incrementAndGet();
        listeners.put(session, listener);
        return session;
    }

    void tell(Told told) {
        Listener listener = listeners.get(told.session());
        if (listener == null) {
            throw new IllegalStateException("No such session: " + told);
        }
        if (told.event()) {
            listener.event(told.type(), told.id(), told.data());
        } else {
            listener.ended(String.valueOf(told.why()));
        }
    }
}
