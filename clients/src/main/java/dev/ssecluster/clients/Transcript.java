package dev.ssecluster.clients;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads along what a node sends, by the <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">standard's</a>
 * rules for {@code id} and {@code retry}. One thread writes, others may read.
 */
final class Transcript {

    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private @Nullable String blockId;
    private volatile @Nullable String lastId;
    private volatile int retryMillis;
    private final AtomicInteger heartbeats = new AtomicInteger();
    private boolean hasData;
    private boolean isHeartbeat;

    /**
     * Takes what was sent.
     *
     * @param marker where to stop, or null
     * @return how many of the bytes there are up to the end of the marker; -1 if it is not there
     */
    int take(byte[] bytes, int count, @Nullable String marker) {
        for (int i = 0; i < count; i++) {
            take(bytes[i]);
            if (marker != null && line.toString(StandardCharsets.UTF_8).endsWith(marker)) {
                return i + 1;
            }
        }
        return -1;
    }

    private void take(byte value) {
        if (value == '\n') {
            takeLine(line.toString(StandardCharsets.UTF_8).stripTrailing());
            line.reset();
        } else {
            line.write(value);
        }
    }

    private void takeLine(String text) {
        if (text.isEmpty()) {
            endBlock();
        } else if (text.startsWith("id:")) {
            blockId = text.substring(3).strip();
        } else if (text.startsWith("data:")) {
            hasData = true;
        } else if (text.equals("event: sse.heartbeat")) {
            isHeartbeat = true;
        } else if (text.startsWith("retry:")) {
            retryMillis = Integer.parseInt(text.substring(6).strip());
        }
    }

    private void endBlock() {
        if (blockId != null) {
            lastId = blockId;
            heartbeats.addAndGet(isHeartbeat || !hasData ? 1 : 0);
        }
        blockId = null;
        hasData = false;
        isHeartbeat = false;
    }

    /** The last {@code id} of a complete block, or null. */
    @Nullable String lastId() {
        return lastId;
    }

    /** How many there were with an id, as events or as comments. */
    int heartbeats() {
        return heartbeats.get();
    }

    /** The last {@code retry}, in milliseconds; 0 without one. */
    int retryMillis() {
        return retryMillis;
    }
}
