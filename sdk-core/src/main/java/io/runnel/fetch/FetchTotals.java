package io.runnel.fetch;

import io.runnel.source.SourceInfo;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What a fetch has done so far, or in all. Bytes are of the blob (ciphertext), counted once proven.
 *
 * @param bytesBySource proven bytes by who delivered them
 * @param bytesFromStore bytes that an earlier fetch had left in the store, so that nobody had to deliver them
 * @param rejectedGroups chunk groups that were not the blob's
 * @param wastedBytes bytes that arrived though they were no longer needed, or were rejected
 * @param timeToFirstByte from the call of open to the first plaintext byte handed to the app; empty before it
 * @param elapsed from the call of open until now, or until the end
 */
public record FetchTotals(
        Map<SourceInfo, Long> bytesBySource,
        long bytesFromStore,
        long rejectedGroups,
        long wastedBytes,
        Optional<Duration> timeToFirstByte,
        Duration elapsed) {
    /** Keeps an unmodifiable copy of the map. */
    public FetchTotals {
        bytesBySource = Map.copyOf(bytesBySource);
    }

    /** Proven bytes from sources of one kind. */
    public long bytesFrom(SourceInfo.Kind kind) {
        return bytesBySource.entrySet().stream()
                .filter(entry -> entry.getKey().kind() == kind)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Bytes from peers as a fraction of all bytes that sources delivered, 0 to 1; 0 where none did. */
    public double offload() {
        long peers = bytesFrom(SourceInfo.Kind.PEER);
        long all = peers + bytesFrom(SourceInfo.Kind.ORIGIN);
        return all == 0 ? 0 : (double) peers / all;
    }
}
