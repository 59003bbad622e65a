/** Checks a running cluster from outside: whatever it accepted must arrive on every stream that it was for, once and in order. */
@NullMarked
package dev.ssecluster.loadtest;

import org.jspecify.annotations.NullMarked;
