/** Who is where: every open stream as a lease in Redis, what the cluster looks like, and who is online. */
@NullMarked
package dev.ssecluster.registry;

import org.jspecify.annotations.NullMarked;
