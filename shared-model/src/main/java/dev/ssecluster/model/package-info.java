/** What crosses a process border: requests, answers, priorities and the typed HTTP interface. */
@NullMarked
package dev.ssecluster.model;

import org.jspecify.annotations.NullMarked;
