/** Subscriptions: which groups users listen to on all of their streams, and how streams follow when that changes. */
@NullMarked
package dev.ssecluster.subscription;

import org.jspecify.annotations.NullMarked;
