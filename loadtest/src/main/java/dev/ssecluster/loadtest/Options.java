package dev.ssecluster.loadtest;

import java.net.URI;
import java.util.List;

/**
 * What was asked for.
 *
 * @param nodes base addresses, on loopback, without a path
 * @param rate sends per second, over all nodes
 * @param seconds for how long
 * @param streams streams on each node
 */
record Options(List<URI> nodes, int rate, int seconds, int streams) {

    Options {
        nodes = List.copyOf(nodes);
    }
}
