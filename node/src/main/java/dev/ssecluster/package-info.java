/** A node of the cluster: starts the server and wires the features together. */
@NullMarked
package dev.ssecluster;

import org.jspecify.annotations.NullMarked;
