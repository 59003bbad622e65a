package dev.ssecluster.backplane;

import org.jspecify.annotations.Nullable;

/**
 * A stream came, is still there, or went.
 *
 * @param connection 16 characters without blanks
 * @param user null: an anonymous stream
 * @param info what {@link Leases#user} shall say about it; of no meaning here
 */
public record LeaseChange(Kind kind, String connection, String client, @Nullable String user, String info) {

    /** What happened to the stream. */
    public enum Kind {
        ARRIVAL("a"),
        REFRESH("r"),
        DEPARTURE("d");

        private final String code;

        Kind(String code) {
            this.code = code;
        }

        String code() {
            return code;
        }
    }
}
