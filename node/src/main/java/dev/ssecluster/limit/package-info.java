/** How much one address, one caller and one connection may take, so that none of them takes what the others need. */
@NullMarked
package dev.ssecluster.limit;

import org.jspecify.annotations.NullMarked;
