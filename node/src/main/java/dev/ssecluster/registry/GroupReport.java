package dev.ssecluster.registry;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Which groups this node has, as the cluster was told: only what has changed is told. When it is not certain that Redis has heard
 * something, all of it is told anew. Thread-safe.
 */
final class GroupReport {

    /** In one report, so that Redis is not blocked for long; others are for the next. */
    private static final int MOST_NAMES = 2_000;

    private final Supplier<Set<String>> groups;
    private final Set<String> told = new HashSet<>(); // guarded by this
    private boolean anew = true; // guarded by this
    private long version; // counts what makes a report that is under way worthless; guarded by this

    /** @param groups those that there are now */
    GroupReport(Supplier<Set<String>> groups) {
        this.groups = groups;
    }

    /**
     * What is to be told.
     *
     * @param anew whether nothing of what was told before holds
     */
    record Change(boolean anew, Set<String> added, Set<String> removed, long version) {

        /** Whether there may be more to tell. */
        boolean isFull() {
            return added.size() + removed.size() == MOST_NAMES;
        }
    }

    /** What has changed since the last report. To be {@linkplain #reported confirmed} before the next. */
    synchronized Change change() {
        if (anew) {
            told.clear();
        }
        Set<String> now = groups.get();
        Set<String> added = difference(now, told, MOST_NAMES);
        return new Change(anew, added, difference(told, now, MOST_NAMES - added.size()), version);
    }

    synchronized void reported(Change change, boolean isTold) {
        if (change.version != version) {
            return;
        }
        told.addAll(change.added);
        told.removeAll(change.removed);
        anew = !isTold;
    }

    /** Redis may have lost what it was told. */
    synchronized void forget() {
        anew = true;
        version++;
    }

    private static Set<String> difference(Set<String> from, Set<String> without, int most) {
        Set<String> rest = new HashSet<>();
        for (String name : from) {
            if (rest.size() == most) {
                break;
            }
            if (!without.contains(name)) {
                rest.add(name);
            }
        }
        return rest;
    }
}
