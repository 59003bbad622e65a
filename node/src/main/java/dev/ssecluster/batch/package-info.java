/** Group commit: requests that wait while one call is under way go together in the next. */
@NullMarked
package dev.ssecluster.batch;

import org.jspecify.annotations.NullMarked;
