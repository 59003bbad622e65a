/** The names of everything that a node counts. */
@NullMarked
package dev.ssecluster.metric;

import org.jspecify.annotations.NullMarked;
