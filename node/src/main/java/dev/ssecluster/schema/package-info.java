/** Lets nodes that start together create the tables one after another. */
@NullMarked
package dev.ssecluster.schema;

import org.jspecify.annotations.NullMarked;
