package dev.ssecluster.subscription;

import dev.ssecluster.backplane.Backplane;
import dev.ssecluster.event.Target;
import dev.ssecluster.replay.Wait;
import dev.ssecluster.stream.Joins;
import dev.ssecluster.stream.Streams;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.springframework.stereotype.Component;

/**
 * Has streams join and leave groups. Whoever joins has the group's channel before, and it is the stream's then. Blocks; for one stream
 * by one thread at a time.
 */
@Component
final class Following {

    private final Backplane backplane;
    private final Streams streams;
    private final Joins joins;

    Following(Backplane backplane, Streams streams, Joins joins) {
        this.backplane = backplane;
        this.streams = streams;
        this.joins = joins;
    }

    /**
     * Has the stream follow what is wanted and nothing else. Does so again when it failed half way before.
     *
     * @return the groups that it joined by this: what they are sent from now on it gets
     * @throws dev.ssecluster.backplane.BackplaneUnavailableException when channels are not subscribed in time
     */
    Set<Target> follow(Wanted wanted) {
        leave(wanted);
        Set<Target> joined = join(wanted);
        streams.serveNothing(wanted.stream(), !wanted.isAll());
        return joined;
    }

    private void leave(Wanted wanted) {
        for (Target group : wanted.surplus()) {
            if (Wait.until(joins.leave(wanted.stream(), group))) {
                backplane.release(List.of(group));
            }
        }
    }

    /** Groups that it joined before get their filters anew. */
    private Set<Target> join(Wanted wanted) {
        List<Target> missing = wanted.missing();
        Wait.until(backplane.acquire(missing));
        Set<Target> joined = new HashSet<>();
        List<CompletableFuture<?>> answers = new ArrayList<>();
        wanted.joins().forEach((name, types) -> {
            Target group = Target.group(name);
            answers.add(joins.join(wanted.stream(), group, types).thenAccept(became -> {
                if (became) {
                    joined.add(group); // always by the stream's shard
                } else if (missing.contains(group)) {
                    backplane.release(List.of(group)); // the stream has ended
                }
            }));
        });
        answers.forEach(Wait::until);
        return joined;
    }
}
