/** The one place that turns every error into an RFC 9457 problem, in the reader's language, and counts it. */
@NullMarked
package dev.ssecluster.problem;

import org.jspecify.annotations.NullMarked;
