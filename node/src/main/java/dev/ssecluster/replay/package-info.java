/** Where a stream begins and what it is given before it goes live: from history, from journal and database, from the owner's position. */
@NullMarked
package dev.ssecluster.replay;

import org.jspecify.annotations.NullMarked;
