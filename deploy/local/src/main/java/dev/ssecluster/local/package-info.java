/** A real Redis and a real MariaDB as child processes on loopback, for the local cluster and for tests. */
@NullMarked
package dev.ssecluster.local;

import org.jspecify.annotations.NullMarked;
