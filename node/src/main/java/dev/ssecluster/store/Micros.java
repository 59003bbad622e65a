package dev.ssecluster.store;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Microseconds since the epoch as the database's dates, which are UTC. */
final class Micros {

    private Micros() {}

    static LocalDateTime toDate(long micros) {
        return LocalDateTime.ofInstant(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), ZoneOffset.UTC);
    }

    /** Null for 0, which means never. */
    static @Nullable LocalDateTime toExpiry(long micros) {
        return micros == 0 ? null : toDate(micros);
    }

    /** 0 for null. */
    static long ofExpiry(@Nullable LocalDateTime date) {
        return date == null ? 0 : ChronoUnit.MICROS.between(Instant.EPOCH, toInstant(date));
    }

    static Instant toInstant(LocalDateTime date) {
        return date.toInstant(ZoneOffset.UTC);
    }
}
