/** Who may talk to a node. */
@NullMarked
package dev.ssecluster.security;

import org.jspecify.annotations.NullMarked;
