/** Carries every event once through Redis to the nodes that own matching streams. */
@NullMarked
package dev.ssecluster.backplane;

import org.jspecify.annotations.NullMarked;
