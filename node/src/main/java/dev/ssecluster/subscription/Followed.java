package dev.ssecluster.subscription;

import dev.ssecluster.event.Target;
import java.util.Map;

/**
 * What a stream that opens follows for its user's subscriptions.
 *
 * @param since the groups, also those that the stream names itself, and since when: what has lower ids does not count
 * @param isKnown false when the database is away: then the stream follows nothing yet, and has to be told that there may be a gap
 */
public record Followed(Map<Target, Long> since, boolean isKnown) {

    static final Followed NOTHING = new Followed(Map.of(), true);
    static final Followed UNKNOWN = new Followed(Map.of(), false);
}
