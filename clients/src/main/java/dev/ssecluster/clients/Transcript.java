package dev.ssecluster.clients;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
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
    private volatile int idsWithoutData;
    private boolean hasData;

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
        } else if (text.startsWith("retry:")) {
            retryMillis = Integer.parseInt(text.substring(6).strip());
        }
    }

    private void endBlock() {
        if (blockId != null) {
            lastId = blockId;
            idsWithoutData = hasData ? 0 : idsWithoutData + 1;
        }
        blockId = null;
        hasData = false;
    }

    /** The last {@code id} of a complete block, or null. */
    @Nullable String lastId() {
        return lastId;
    }

    /** How many blocks in a row, up to now, had an id but no data. */
    int idsWithoutData() {
        return idsWithoutData;
    }

    /** The last {@code retry}, in milliseconds; 0 without one. */
    int retryMillis() {
        return retryMillis;
    }
}
