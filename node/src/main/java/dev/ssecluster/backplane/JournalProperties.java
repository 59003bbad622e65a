package dev.ssecluster.backplane;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import static dev.ssecluster.backplane.Require.between;

/**
 * What waits in Redis for the database.
 *
 * @param journalLength messages that may wait while the database is away; more are refused
 */
@ConfigurationProperties("sse.message")
record JournalProperties(@DefaultValue("100000") int journalLength) {

    JournalProperties {
        between("sse.message.journal-length", journalLength, 1, 100_000_000);
    }
}
