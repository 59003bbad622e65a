package dev.ssecluster.clients;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a client tells its application. Thread-safe. */
final class Diary implements Listener {

    /** The type of the numbered events. */
    static final String NUMBER = "number";

    private final Queue<Told> events = new ConcurrentLinkedQueue<>();
    private final Queue<String> ends = new ConcurrentLinkedQueue<>();

    /** An event that it was told of. */
    record Told(@Nullable String type, @Nullable String id, @Nullable String data) {}

    @Override
    public void event(@Nullable String type, @Nullable String id, @Nullable String data) {
        events.add(new Told(type, id, data));
    }

    @Override
    public void ended(String why) {
        ends.add(why);
    }

    List<Told> events() {
        return List.copyOf(events);
    }

    List<String> ends() {
        return List.copyOf(ends);
    }

    List<Told> events(String type) {
        return events.stream().filter(event -> type.equals(event.type())).toList();
    }

    /** The data of the numbered events, as they came. */
    List<String> numbers() {
        return events(NUMBER).stream().map(event -> String.valueOf(event.data())).toList();
    }

    boolean knows(String type) {
        return !events(type).isEmpty();
    }

    /** What came beside the named types. */
    Stream<Told> besides(List<String> types) {
        return events.stream().filter(event -> event.type() == null || !types.contains(event.type()));
    }
}
