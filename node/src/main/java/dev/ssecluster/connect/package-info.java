/** Opens event streams: reads the request, attaches it to the backplane and says hello, or refuses in a way that lasts no longer than its cause. */
@NullMarked
package dev.ssecluster.connect;

import org.jspecify.annotations.NullMarked;
