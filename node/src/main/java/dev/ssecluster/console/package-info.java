/** Serves the console, a page to try and to watch a cluster with, and the browser client. */
@NullMarked
package dev.ssecluster.console;

import org.jspecify.annotations.NullMarked;
