/** Reads the bodies of calls: bounded, strict, in one pass, with every fault named. */
@NullMarked
package dev.ssecluster.body;

import org.jspecify.annotations.NullMarked;
