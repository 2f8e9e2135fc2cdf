package io.runnel.cli.client;

import io.runnel.fetch.FetchSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a client fetches and serves.
 *
 * @param store folder for ciphertext; null keeps it in memory
 * @param peers what it has to do with other viewers
 * @param origin whether to fetch from the HTTP origin
 * @param corrupt whether to serve corrupted bytes once a blob is complete, for demonstration
 * @param timeout how long nothing may arrive before a fetch fails
 */
public record SessionSettings(@Nullable Path store, Peers peers, boolean origin, boolean corrupt, Duration timeout) {
    /** What a client has to do with other viewers. */
    public enum Peers {
        /** Nothing. */
        NONE,
        /** It fetches from them. */
        FETCH,
        /** It fetches from them, and whoever runs it agreed to serve them too. */
        SHARE
    }

    private static final Duration LONGEST_PEER_WAIT = Duration.ofMinutes(1);

    /** Rejects a client that could not fetch at all. */
    public SessionSettings {
        if (peers == Peers.NONE && !origin) {
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
