package dev.ssecluster.clients;

import java.net.URI;

/** A client at one level. Thread-safe. */
@FunctionalInterface
interface Subject {

    /**
     * Opens the stream.
     *
     * @param diary to be told what an application would be
     * @return closes it for good
     */
    Runnable open(URI stream, Diary diary);
}
