package dev.ssecluster.backplane;

import dev.ssecluster.event.Event;
import dev.ssecluster.event.EventRange;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The events of the last minutes in Redis, persisted or not. Thread-safe; nothing here blocks.
 */
public interface History {

    /**
     * One page for each range, proved in the same step in which it is read. Who asks while a read is under way shares the next one;
     * what groups and broadcasts were sent is read from Redis once for all streams of this node, and their events are the same
     * objects. Many ranges are read in several steps. Completes exceptionally with {@link BackplaneUnavailableException}.
     */
    CompletableFuture<Reading> read(List<EventRange> ranges);

    /**
     * What a read found.
     *
     * @param fence the highest id issued at the moment of the read, of several steps the lowest; no page has an event beyond it
     * @param born the first id of this epoch: nothing before it is trusted
     * @param windowStart events below it may have been dropped because of their age; microseconds
     * @param pages one for each range, in their order
     */
    record Reading(long fence, long born, long windowStart, List<Page> pages) {}

    /**
     * One range's events.
     *
     * @param covered whether they are proved to be all of them; if not, some may be missing
     * @param events ascending by id; at most the range's limit
     * @param more whether there may be further ones behind {@code upTo}
     * @param upTo the page ends here: the next one is read after it. The fence, when there are no more
     */
    record Page(boolean covered, List<Event> events, boolean more, long upTo) {

        /** Without what was issued after {@code fence}. */
        Page until(long fence) {
            if (upTo <= fence) {
                return new Page(covered, events, upTo < fence, upTo);
            }
            return new Page(covered, events.stream().filter(event -> event.id() <= fence).toList(), false, fence);
        }
    }
}
