package dev.ssecluster.event;

import dev.ssecluster.model.Priority;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a client has been served, as it appears in the SSE {@code id}: an event id, and for each priority the id up to which
 * everything was delivered. Plain {@code <id>} when all three are that id, {@code <id>~<normal>-<high>-<urgent>} otherwise.
 */
public record Cursor(long id, long normal, long high, long urgent) {

    private static final int MOST_CHARACTERS = 128;
    private static final String NUMBER = "([1-9][0-9]{0,15})"; // 16 digits are below 2^63 and reach the year 2286
    private static final Pattern FORM = Pattern.compile(NUMBER + "(?:~" + NUMBER + "-" + NUMBER + "-" + NUMBER + ")?");

    /** The cursor of a client that has everything up to {@code id}. */
    public static Cursor at(long id) {
        return new Cursor(id, id, id, id);
    }

    /** Empty when {@code text} is no cursor of this server's. */
    public static Optional<Cursor> parse(String text) {
        Matcher matcher = text.length() <= MOST_CHARACTERS ? FORM.matcher(text) : FORM.matcher("");
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long id = Long.parseLong(matcher.group(1));
        return Optional.of(matcher.group(2) == null ? at(id) : new Cursor(id,
                Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)), Long.parseLong(matcher.group(4))));
    }

    /** The id up to which everything of that priority was delivered. */
    public long of(Priority priority) {
        return switch (priority) {
            case NORMAL -> normal;
            case HIGH -> high;
            case URGENT -> urgent;
        };
    }

    /** This cursor, with no position below {@code floor}. */
    public Cursor raisedTo(long floor) {
        return new Cursor(Math.max(id, floor), Math.max(normal, floor), Math.max(high, floor), Math.max(urgent, floor));
    }

    /** For each priority the lower of both. */
    public Cursor lower(Cursor other) {
        long n = Math.min(normal, other.normal);
        long h = Math.min(high, other.high);
        long u = Math.min(urgent, other.urgent);
        return new Cursor(Math.max(n, Math.max(h, u)), n, h, u);
    }

    /** The least advanced of the three: whatever is later may be missing. */
    public long lowest() {
        return Math.min(normal, Math.min(high, urgent));
    }

    /** The most advanced of all its numbers. */
    public long highest() {
        return Math.max(id, Math.max(normal, Math.max(high, urgent)));
    }

    @Override
    public String toString() {
        return normal == id && high == id && urgent == id ? Long.toString(id) : id + "~" + normal + "-" + high + "-" + urgent;
    }
}
