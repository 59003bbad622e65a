package dev.ssecluster.backplane;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What publish.lua answered in that epoch; see there. */
record PublishAnswer(List<Object> values, String epoch) {

    private static final int OF_MESSAGE = 3; // values
    private static final int KEY_REUSED = 2;
    private static final int JOURNAL_FULL = 4;

    /** Redis' time, microseconds. */
    long now() {
        return (Long) values.get(0);
    }

    /** The epoch was another one, and nothing was written. */
    boolean isRefused() {
        return values.size() == 1;
    }

    /** Of each message, in their order; throws when that is not what it has. */
    List<PublishResult> results(int messages) {
        return IntStream.range(0, messages).mapToObj(this::result).toList();
    }

    /** Of the message with this index, from 0. */
    PublishResult result(int index) {
        long id = (Long) values.get(OF_MESSAGE * index + 1);
        int nodes = Math.toIntExact((Long) values.get(OF_MESSAGE * index + 2));
        long ahead = (Long) values.get(OF_MESSAGE * index + 3);
        return id == 0 ? refusal(nodes) : accepted(Math.abs(id), ahead, nodes, id < 0);
    }

    private PublishResult accepted(long id, long ahead, int nodes, boolean replayed) {
        return new PublishResult.Accepted(id, id - ahead, nodes, replayed, epoch);
    }

    private static PublishResult refusal(int reason) {
        return switch (reason) {
            case KEY_REUSED -> new PublishResult.KeyReused();
            case JOURNAL_FULL -> new PublishResult.JournalFull();
            default -> new PublishResult.NotSent();
        };
    }

    /** The highest id among the answers; 0 when there is none. */
    long highestId() {
        long highest = 0;
        for (int i = 1; i + 2 < values.size(); i += OF_MESSAGE) {
            highest = Math.max(highest, Math.abs((Long) values.get(i)));
        }
        return highest;
    }

    /** Why Redis refused a write, or null when it refused none. */
    @Nullable String error() {
        boolean hasError = values.size() % OF_MESSAGE == 2;
        return hasError && values.getLast() instanceof byte[] text ? new String(text, UTF_8) : null;
    }
}
