/** Keeps the documentation true: what it lists is compared with what there is. */
@NullMarked
package dev.ssecluster.docs;

import org.jspecify.annotations.NullMarked;
