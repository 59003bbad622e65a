package dev.ssecluster.registry;

import dev.ssecluster.stream.StreamInfo;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** What the registry needs to know of this node's streams. Thread-safe; nothing here blocks. */
interface LocalStreams {

    /**
     * Hands over a part of the streams, on threads of its own. A stream that has closed is not handed over afterwards.
     *
     * @param slice below {@code slices}; all slices together are all streams
     */
    void visit(int slice, int slices, Consumer<List<StreamInfo>> visitor);

    /** How many there are. */
    int count();

    /** How many users they have. */
    int users();

    /** Groups with a stream here. */
    Set<String> groups();
}
