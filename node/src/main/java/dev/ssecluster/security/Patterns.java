package dev.ssecluster.security;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A claim with names, of which those that end with {@code *} stand for all that begin so. What is no text in it stands for nothing. */
record Patterns(Set<String> names, Set<String> beginnings) {

    /** @param claim as the token has it: a list, one text, or anything else */
    static Patterns of(@Nullable Object claim) {
        Set<String> names = new HashSet<>();
        Set<String> beginnings = new HashSet<>();
        Iterable<?> entries = claim instanceof Iterable<?> list ? list : claim == null ? Set.of() : Set.of(claim);
        for (Object entry : entries) {
            if (entry instanceof String text && text.endsWith("*")) {
                beginnings.add(text.substring(0, text.length() - 1));
            } else if (entry instanceof String text) {
                names.add(text);
            }
        }
        return new Patterns(Set.copyOf(names), Set.copyOf(beginnings));
    }

    boolean match(String name) {
        return names.contains(name) || beginnings.stream().anyMatch(name::startsWith);
    }
}
