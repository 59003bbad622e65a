package dev.ssecluster.backplane;

import java.util.List;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What publish.lua answered in that epoch; see there. */
record PublishAnswer(List<Object> values, String epoch) {

    private static final int KEY_REUSED = 2;
    private static final PublishResult.NotSent NOT_SENT = new PublishResult.NotSent();

    /** Redis' time, microseconds. */
    long now() {
        return (Long) values.get(0);
    }

    /** The epoch was another one, and nothing was written. */
    boolean isRefused() {
        return values.size() == 1;
    }

    /** Of the message with this index, from 0. */
    PublishResult result(int index) {
        long id = (Long) values.get(2 * index + 1);
        int nodes = (int) (long) (Long) values.get(2 * index + 2);
        if (id == 0) {
            return nodes == KEY_REUSED ? new PublishResult.KeyReused() : NOT_SENT;
        }
        return new PublishResult.Accepted(Math.abs(id), nodes, id < 0, epoch);
    }

    /** The highest id among the answers; 0 when there is none. */
    long highestId() {
        long highest = 0;
        for (int i = 1; i + 1 < values.size(); i += 2) {
            highest = Math.max(highest, Math.abs((Long) values.get(i)));
        }
        return highest;
    }

    /** Why Redis refused a write, or null when it refused none. */
    @Nullable String error() {
        boolean hasError = values.size() % 2 == 0;
        return hasError && values.getLast() instanceof byte[] text ? new String(text, UTF_8) : null;
    }
}
