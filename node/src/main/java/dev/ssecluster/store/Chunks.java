package dev.ssecluster.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.ToIntFunction;

/** Cuts what is to be done into pieces that one statement can take. */
final class Chunks {

    private Chunks() {}

    static <T> List<List<T>> of(Collection<T> all, int largest) {
        return byWeight(all, largest, Integer.MAX_VALUE, _ -> 0);
    }

    /** In order; a chunk weighs at most {@code heaviest}, unless a single member weighs more. */
    static <T> List<List<T>> byWeight(Collection<T> all, int largest, int heaviest, ToIntFunction<T> weight) {
        List<List<T>> chunks = new ArrayList<>();
        List<T> chunk = new ArrayList<>();
        long sum = 0;
        for (T each : all) {
            sum += weight.applyAsInt(each);
            if (!chunk.isEmpty() && (chunk.size() == largest || sum > heaviest)) {
                chunks.add(chunk);
                chunk = new ArrayList<>();
                sum = weight.applyAsInt(each);
            }
            chunk.add(each);
        }
        if (!chunk.isEmpty()) {
            chunks.add(chunk);
        }
        return chunks;
    }
}
