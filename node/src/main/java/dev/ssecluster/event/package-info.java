/** The vocabulary that all features share: targets, events and who receives them. */
@NullMarked
package dev.ssecluster.event;

import org.jspecify.annotations.NullMarked;
