/** Lets nodes that start together create and change the tables one after another, without hurry. */
@NullMarked
package dev.ssecluster.schema;

import org.jspecify.annotations.NullMarked;
