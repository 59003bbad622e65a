/** The browser client in a real browser, on real nodes. */
@NullMarked
package dev.ssecluster.client;

import org.jspecify.annotations.NullMarked;
