package dev.ssecluster.backplane;

import dev.ssecluster.event.NodeId;

/** The channel that a frame came from. */
sealed interface Source permits Channel, Source.Node, Source.Unknown {

    /** Its name in Redis. */
    byte[] channel();

    /** This node's own channel, for probes. */
    record Node(NodeId id) implements Source {

        @Override
        public byte[] channel() {
            return Keys.node(id);
        }
    }

    /** A channel that this node has left meanwhile. */
    enum Unknown implements Source {
        CHANNEL;

        @Override
        public byte[] channel() {
            throw new IllegalStateException("Nobody subscribes to an unknown channel");
        }
    }
}
