/** What administrators do with the streams of the whole cluster: end them, keep clients away, and see who is in a group. */
@NullMarked
package dev.ssecluster.admin;

import org.jspecify.annotations.NullMarked;
