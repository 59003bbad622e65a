package dev.ssecluster.stream;

import dev.ssecluster.event.Cursor;
import dev.ssecluster.event.Target;
import java.util.List;

/**
 * What a stream has served its owners without a gap: everything above {@code from}, up to {@code to}, for each priority.
 *
 * @param owners the stream's user and its explicitly given client id, if it has them
 */
public record Served(List<Target> owners, Cursor from, Cursor to) {}
