package dev.ssecluster.clients;

import org.jspecify.annotations.Nullable;

/** What an application wants to be told of its stream. Called from any thread, one call after the other. */
interface Listener {

    /**
     * An event.
     *
     * @param type its type; null or "message" if the client gave it none
     * @param id the client's last event id then, if it knows
     */
    void event(@Nullable String type, @Nullable String id, @Nullable String data);

    /** The stream will not come back by itself. */
    void ended(String why);
}
