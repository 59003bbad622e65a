package dev.ssecluster.backplane;

/** Refuses settings that make no sense, at start, by name. */
final class Require {

    private Require() {}

    static <T extends Comparable<T>> void between(String property, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(property + " must be from " + least + " to " + most + ", but is " + value);
        }
    }
}
