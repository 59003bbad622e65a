package dev.ssecluster.replay;

import dev.ssecluster.backplane.BackplaneUnavailableException;
import dev.ssecluster.event.Event;
import dev.ssecluster.event.StoreUnavailableException;
import dev.ssecluster.stream.CloseReason;
import dev.ssecluster.stream.RetryDelay;
import dev.ssecluster.stream.Stream;
import dev.ssecluster.stream.Streams;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Gives streams their replays, part by part as each peer takes them, and lets them go live behind the last part. So a slow peer
 * costs a page of memory, not a replay's. Thread-safe; does not block.
 */
@Component
public class ReplayFeed {

    private static final Logger log = LoggerFactory.getLogger(ReplayFeed.class);

    /** Bytes of data in one part, but for its last event. */
    private static final int PART_BYTES = 64 * 1024;

    private final Streams streams;
    private final ReplayMeters meters;

    ReplayFeed(Streams streams, ReplayMeters meters) {
        this.streams = streams;
        this.meters = meters;
    }

    /** Begins the stream, which is registered, and feeds it; it may be opened before, meanwhile or after that. */
    public void feed(Stream stream, Beginning beginning) {
        streams.begin(stream, beginning.start(), beginning.servedFrom(), beginning.fence());
        Pages pages = beginning.pages();
        List<Event> first = pages.first().events();
        if (pages.first().isLast(pages.fence()) && nextPart(first, 0) == first.size()) {
            giveAll(stream, first);
        } else {
            Thread.ofVirtual().name("replay").start(() -> run(stream, pages));
        }
    }

    /** The usual replay fits into one part: nobody needs to wait for anything. */
    private void giveAll(Stream stream, List<Event> part) {
        if (!part.isEmpty()) {
            meters.events(part.size());
            var _ = streams.replay(stream, part);
        }
        streams.goLive(stream);
    }

    private void run(Stream stream, Pages pages) {
        try {
            Page page = pages.first();
            boolean goesOn = give(stream, page.events());
            while (goesOn && !page.isLast(pages.fence())) {
                page = pages.after(page);
                goesOn = give(stream, page.events());
            }
            if (goesOn) {
                streams.goLive(stream);
            }
        } catch (ReplayBrokenException | BackplaneUnavailableException | StoreUnavailableException e) {
            breakOff(stream);
        } catch (RuntimeException | Error e) {
            log.error("A replay failed because of a fault in this node", e);
            breakOff(stream); // or it would hold its events back for ever
        }
    }

    private void breakOff(Stream stream) {
        meters.broken();
        streams.sendAway(stream, CloseReason.UNAVAILABLE, RetryDelay.AFTER_REFUSAL.next());
    }

    /** Whether the stream goes on. */
    private boolean give(Stream stream, List<Event> page) {
        int from = 0;
        boolean goesOn = true;
        while (goesOn && from < page.size()) {
            int to = nextPart(page, from);
            meters.events(to - from);
            goesOn = streams.replay(stream, page.subList(from, to)).join();
            from = to;
        }
        return goesOn;
    }

    private static int nextPart(List<Event> page, int from) {
        int to = from;
        for (long bytes = 0; to < page.size() && bytes < PART_BYTES; to++) {
            bytes += page.get(to).data().length;
        }
        return to;
    }
}
