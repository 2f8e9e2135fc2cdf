package io.runnel.cli.client;

import io.runnel.fetch.FetchSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a client fetches and serves.
 *
 * @param store folder for ciphertext; null keeps it in memory
 * @param peers whether to fetch from, and serve, other viewers
 * @param origin whether to fetch from the HTTP origin
 * @param corrupt whether to serve corrupted bytes once a blob is complete, for demonstration
 * @param timeout how long nothing may arrive before a fetch fails
 */
public record SessionSettings(@Nullable Path store, boolean peers, boolean origin, boolean corrupt, Duration timeout) {
    private static final Duration LONGEST_PEER_WAIT = Duration.ofMinutes(1);

    /** Rejects a client that could not fetch at all. */
    public SessionSettings {
        if (!peers && !origin) {
            throw new IllegalArgumentException("peers and origin: one of them must be allowed");
        }
    }

    /** The SDK's settings for these. */
    FetchSettings fetchSettings() {
        FetchSettings usual = FetchSettings.defaults().withNoProgressTimeout(timeout);
        if (origin) {
            return usual;
        }
        // With no origin to fall back on, a fetch that has met nobody but liars goes on waiting for others.
        return usual.withPeerWait(timeout.compareTo(LONGEST_PEER_WAIT) < 0 ? timeout : LONGEST_PEER_WAIT);
    }
}
