package dev.ssecluster.clients;

import java.net.URI;
import java.time.Duration;

/** A client at one level. Thread-safe. */
@FunctionalInterface
interface Subject {

    /** After which a client may give up a connection: longer than {@link Check#HELD} holds it up. */
    Duration SILENCE = Duration.ofSeconds(9);

    /**
     * Opens the stream.
     *
     * @param diary to be told what an application would be
     * @return closes it for good
     */
    Runnable open(URI stream, Diary diary);
}
