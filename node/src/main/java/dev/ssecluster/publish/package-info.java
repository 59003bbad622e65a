/** Takes sends over HTTP: publishes, and has stored what is to be kept before it answers. */
@NullMarked
package dev.ssecluster.publish;

import org.jspecify.annotations.NullMarked;
