package dev.ssecluster.test;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What became of every send. Thread-safe. */
public final class Ledger {

    /** What the sender knows. */
    public enum Fate {
        /** Answered with 200 or 202. */
        ACCEPTED,
        /** It must never appear. */
        NOT_SENT,
        /** It may appear, once. */
        UNKNOWN
    }

    /**
     * One send.
     *
     * @param id the event id; 0 unless it was accepted
     * @param status of the answer; 0 when there was none
     * @param sent when, microseconds since the epoch by this machine's clock
     * @param nanos from the request to the answer
     */
    public record Line(Message message, Fate fate, long id, int status, long sent, long nanos) {

        public boolean isAccepted() {
            return fate == Fate.ACCEPTED;
        }

        /** Whether it was answered as being in the database. */
        public boolean isStored() {
            return isAccepted() && message.persist() && status == 200;
        }

        /** When it expires, microseconds since the epoch; {@link Long#MAX_VALUE} without a life of its own. */
        public long expiresAt() {
            return message.ttlSeconds() == 0 ? Long.MAX_VALUE : id + message.ttlSeconds() * 1_000_000L;
        }
    }

    private final Map<Integer, Line> lines = new ConcurrentHashMap<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    void add(Line line) {
        lines.put(line.message().number(), line);
    }

    /** An answer that the API's contract does not know. */
    void violation(String text) {
        violations.add(text);
    }

    /** Answers that the API's contract does not know; there must be none. */
    public Collection<String> violations() {
        return violations;
    }

    /** Null while it is under way, or was never sent. */
    public @Nullable Line line(int number) {
        return lines.get(number);
    }

    public List<Line> lines(Predicate<Line> which) {
        return lines.values().stream().filter(which).toList();
    }

    public List<Line> accepted() {
        return lines(Line::isAccepted);
    }

    /** Those that were answered 200 although persisted: they are in the database. */
    public List<Line> stored() {
        return lines(Line::isStored);
    }

    public int size() {
        return lines.size();
    }
}
