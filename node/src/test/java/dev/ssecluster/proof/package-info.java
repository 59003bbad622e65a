/** Proofs of the guarantees, from outside: what was accepted arrives, once and in order, whatever dies meanwhile. */
@NullMarked
package dev.ssecluster.proof;

import org.jspecify.annotations.NullMarked;
