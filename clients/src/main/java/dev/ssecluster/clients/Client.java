package dev.ssecluster.clients;

import java.util.Map;

/**
 * A client that is tried.
 *
 * @param name the library's
 * @param levels it at each level that there is
 */
record Client(String name, Map<Level, Subject> levels) {}
