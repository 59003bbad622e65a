package dev.ssecluster.backplane;

import java.util.function.Consumer;

/** Answers what other nodes, or this one, ask. */
@FunctionalInterface
public interface RequestHandler {

    /**
     * Called in order with the events, by the same thread as the sink; must not block.
     *
     * @param answer takes the answer, once, from any thread, at any time; who is too late is not heard, and nobody is told
     */
    void handle(Request request, Consumer<byte[]> answer);
}
