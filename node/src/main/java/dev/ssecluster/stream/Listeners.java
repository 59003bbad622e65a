package dev.ssecluster.stream;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Those who are told of one kind of thing, in the order in which they came. Thread-safe. */
final class Listeners<T> {

    private final List<Consumer<T>> listeners = new CopyOnWriteArrayList<>();

    void add(Consumer<T> listener) {
        listeners.add(listener);
    }

    void tell(T what) {
        for (Consumer<T> listener : listeners) {
            listener.accept(what);
        }
    }
}
