/** Holds this node's open event streams and writes events to them; knows nothing of where the events come from. */
@NullMarked
package dev.ssecluster.stream;

import org.jspecify.annotations.NullMarked;
