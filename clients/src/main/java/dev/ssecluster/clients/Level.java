package dev.ssecluster.clients;

/** How much of our own is around a library. */
enum Level {

    /** As its documentation shows it first. */
    LIBRARY("by itself"),

    /** With other settings, but no code of ours. */
    SETTING("with a setting"),

    /** With what {@code docs/clients.md} shows. */
    APPLICATION("by the application");

    private final String words;

    Level(String words) {
        this.words = words;
    }

    /** How the table says that a client does something from this level on. */
    String words() {
        return words;
    }
}
