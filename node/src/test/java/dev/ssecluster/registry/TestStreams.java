package dev.ssecluster.registry;

import dev.ssecluster.stream.StreamInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Streams without sockets. What one lock is here is a shard's thread there. */
final class TestStreams implements LocalStreams {

    private final Map<String, StreamInfo> streams = new LinkedHashMap<>();

    synchronized void add(StreamInfo stream, Consumer<StreamInfo> onRegistered) {
        streams.put(stream.connectionId(), stream);
        onRegistered.accept(stream);
    }

    synchronized void remove(StreamInfo stream, Consumer<StreamInfo> onClosed) {
        streams.remove(stream.connectionId());
        onClosed.accept(stream);
    }

    @Override
    public synchronized void visit(int slice, int slices, Consumer<List<StreamInfo>> visitor) {
        visitor.accept(streams.values().stream()
                .filter(stream -> Math.floorMod(Long.parseUnsignedLong(stream.connectionId(), 16), slices) == slice)
                .toList());
    }

    @Override
    public synchronized int count() {
        return streams.size();
    }

    @Override
    public synchronized int users() {
        return (int) streams.values().stream().<@Nullable String>map(StreamInfo::userId).filter(Objects::nonNull).distinct().count();
    }

    @Override
    public synchronized Set<String> groups() {
        return streams.values().stream().flatMap(stream -> stream.groups().stream()).collect(Collectors.toSet());
    }
}
