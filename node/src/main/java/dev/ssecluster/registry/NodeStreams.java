package dev.ssecluster.registry;

import dev.ssecluster.event.Target;
import dev.ssecluster.stream.StreamInfo;
import dev.ssecluster.stream.Streams;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/** The streams of this node. */
@Component
record NodeStreams(Streams streams) implements LocalStreams {

    @Override
    public void visit(int slice, int slices, Consumer<List<StreamInfo>> visitor) {
        streams.visit(slice, slices, visitor);
    }

    @Override
    public int count() {
        return streams.count();
    }

    @Override
    public int users() {
        return streams.count(Target.Kind.USER);
    }

    @Override
    public Set<String> groups() {
        return streams.names(Target.Kind.GROUP);
    }
}
