package dev.ssecluster.store;

/** What became of an event that was to be stored. */
public enum StoreOutcome {
    /** It is in the database, from now or from before. */
    STORED,
    /** Another event has its id; this one is not stored. */
    CONFLICT,
    /** The database refuses its values for good. */
    REFUSED
}
