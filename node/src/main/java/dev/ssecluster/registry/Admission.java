package dev.ssecluster.registry;

import org.jspecify.annotations.Nullable;

/**
 * What the cluster knows about a stream that opens.
 *
 * @param block what keeps its user or client id away; null: nothing does. A stream with a block is not made known to the cluster
 * @param streams open streams of its user in the cluster, this one included, counted up to one more than {@link UserLimit} allows;
 *     0 for an anonymous stream, or when it is blocked
 */
public record Admission(@Nullable Block block, int streams) {}
