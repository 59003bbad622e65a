/** Messages that are kept: they get from the journal into the database, and users list, count and mark them. */
@NullMarked
package dev.ssecluster.message;

import org.jspecify.annotations.NullMarked;
