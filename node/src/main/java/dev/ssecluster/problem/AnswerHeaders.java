package dev.ssecluster.problem;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The headers of every answer, also of those that Jetty gives by itself. */
public interface AnswerHeaders {

    /**
     * Tells the headers for one answer. Any thread; does not block.
     *
     * @param origin the {@code Origin} header of the request; null: it has none, or could not be read
     * @param header takes name and value, in place of others of that name
     */
    void write(@Nullable String origin, BiConsumer<String, String> header);
}
