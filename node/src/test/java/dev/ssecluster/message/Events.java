package dev.ssecluster.message;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.Target;
import dev.ssecluster.model.Priority;
import java.util.List;
import java.util.stream.LongStream;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Events of tests. */
final class Events {

    private Events() {}

    static Event toUser(String user, long id) {
        return of(Target.user(user), id, Priority.NORMAL, 0);
    }

    static Event of(Target target, long id, Priority priority, long expiresAt) {
        return new Event(id, target, priority, true, expiresAt, "t", Long.toString(id).getBytes(UTF_8));
    }

    /** To one user, with the ids from 1 to {@code count}. */
    static List<Event> many(int count) {
        return LongStream.rangeClosed(1, count).mapToObj(id -> toUser("u", id)).toList();
    }
}
