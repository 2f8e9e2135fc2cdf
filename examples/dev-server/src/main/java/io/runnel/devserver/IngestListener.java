package io.runnel.devserver;

/** Hears how far an ingest is, on the thread that ingests. */
@FunctionalInterface
public interface IngestListener {
    /** A listener that does not listen. */
    IngestListener NONE = (doneBytes, totalBytes) -> {};

    /**
     * Some more was encrypted and hashed.
     *
     * @param doneBytes of the plaintext, rising from 0
     * @param totalBytes of the plaintext
     */
    void progress(long doneBytes, long totalBytes);
}
