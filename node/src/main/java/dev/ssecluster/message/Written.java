package dev.ssecluster.message;

/** What became of an event that was to be written into the database. */
public enum Written {
    /** It is in the database, and was in the journal until then, so nobody who looked for it missed it. */
    STORED,
    /** It is in the journal; the database is away or slow. Some node stores it later. */
    JOURNALED,
    /** The database refuses it for good. It is among the dead letters. */
    REFUSED,
    /**
     * It is in the database. But Redis may have lost it before, so that a stream that resumed in between has missed it; or Redis does
     * not say.
     */
    UNKNOWN
}
