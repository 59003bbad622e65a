package dev.ssecluster.limit;

import java.util.Locale;

/** What a connection has taken too long for. */
enum Lateness {
    /** A new connection has not brought a request; over TLS, perhaps not even a handshake. */
    SILENT,
    /** The head of a request has begun and does not end. */
    HEAD,
    /** The body of a request does not end, although bytes come: in trickles, as extensions of chunks, as empty frames. */
    BODY;

    /** The tag of the counter. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
