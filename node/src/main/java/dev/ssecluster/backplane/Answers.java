package dev.ssecluster.backplane;

import java.util.List;

/**
 * What the nodes have answered in time.
 *
 * @param bodies one for each node that answered, in the order in which they came
 * @param asked how many nodes had the target's channel
 */
public record Answers(List<byte[]> bodies, int asked) {

    /** Whether every node that was asked has answered. */
    public boolean areComplete() {
        return bodies.size() >= asked;
    }
}
