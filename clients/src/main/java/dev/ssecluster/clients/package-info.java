/** The same checks for every client, against real nodes: what each does by itself and what it must be told or helped to do. */
@NullMarked
package dev.ssecluster.clients;

import org.jspecify.annotations.NullMarked;
