package dev.ssecluster.limit;

import org.jspecify.annotations.Nullable;

/** A connection that does not know yet which protocol it speaks, because the TLS handshake is under way. */
record SilentWatched(long deadline) implements Watched {

    @Override
    public @Nullable Lateness late(long now) {
        return now - deadline > 0 ? Lateness.SILENT : null;
    }
}
