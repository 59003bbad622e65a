package dev.ssecluster.problem;

import java.util.List;
import java.util.stream.Stream;
import org.springframework.context.MessageSourceResolvable;

/**
 * A part of a message that has to be translated too.
 *
 * @param code its key in the bundles
 */
public record Phrase(String code, List<Object> args) implements MessageSourceResolvable {

    public static Phrase of(String code, Object... args) {
        return new Phrase(code, texts(args));
    }

    @Override
    public String[] getCodes() {
        return new String[] {code};
    }

    @Override
    public Object[] getArguments() {
        return args.toArray();
    }

    /** Numbers as text: a message format would put separators between their digits. */
    static List<Object> texts(Object... args) {
        return Stream.of(args).map(arg -> arg instanceof Phrase ? arg : arg.toString()).toList();
    }
}
