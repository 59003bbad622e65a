/** Takes sends over HTTP: reads and checks them in one pass over the body, and hands them to the backplane. */
@NullMarked
package dev.ssecluster.publish;

import org.jspecify.annotations.NullMarked;
