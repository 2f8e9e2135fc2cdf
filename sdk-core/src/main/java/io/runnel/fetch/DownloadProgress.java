package io.runnel.fetch;

/** Hears how far a download is. Called on the thread that downloads, after each piece written; return quickly. */
@FunctionalInterface
public interface DownloadProgress {
    /**
     * Plaintext bytes written so far and in all.
     *
     * @param doneBytes never falls, equals {@code totalBytes} at the end
     */
    void advanced(long doneBytes, long totalBytes);
}
