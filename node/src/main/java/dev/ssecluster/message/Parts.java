package dev.ssecluster.message;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Cuts what is to be stored into parts for one transaction each: well below what a server accepts in one packet. */
final class Parts {

    static final int MOST_ROWS = 500;

    static final int MOST_BYTES = 4 * 1024 * 1024;

    private Parts() {}

    /** Parts in order; one with too many bytes is a single event. */
    static <E> List<List<E>> of(List<E> events, ToIntFunction<E> bytesOf) {
        List<List<E>> parts = new ArrayList<>();
        int from = 0;
        int bytes = 0;
        for (int i = 0; i < events.size(); i++) {
            int size = bytesOf.applyAsInt(events.get(i));
            if (i - from == MOST_ROWS || (i > from && bytes + size > MOST_BYTES)) {
                parts.add(events.subList(from, i));
                from = i;
                bytes = 0;
            }
            bytes += size;
        }
        if (from < events.size()) {
            parts.add(events.subList(from, events.size()));
        }
        return parts;
    }
}
