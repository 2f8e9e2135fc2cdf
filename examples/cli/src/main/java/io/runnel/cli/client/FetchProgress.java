package io.runnel.cli.client;

import io.runnel.fetch.FetchStats;

/** Hears, a few times a second, how far a fetch is and who delivered. Called on a thread of the fetch. */
@FunctionalInterface
public interface FetchProgress {
    /** The state now; bytes done and in all are of the plaintext, those of the totals of the blob. */
    void at(long doneBytes, long totalBytes, FetchStats totals);
}
