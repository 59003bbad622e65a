/** The real servers on which integration tests run: child processes, or containers. */
@NullMarked
package dev.ssecluster.test;

import org.jspecify.annotations.NullMarked;
