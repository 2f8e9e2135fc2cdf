package io.runnel.fetch;

import io.runnel.source.PeerPath;
import io.runnel.source.SourceInfo;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What the fetch of one blob has done so far, or in all. Bytes are of the blob (ciphertext), counted once proven.
 *
 * @param bytesBySource proven bytes by who delivered them
 * @param bytesFromStore bytes that an earlier fetch had left in the store, so that nobody had to deliver them
 * @param rejectedGroups chunk groups that were not the blob's
 * @param wastedBytes bytes that arrived though they were no longer needed, or were rejected
 * @param originUse chunk groups asked of the origin, by why; reasons that did not occur are absent
 * @param stalls waits of readers in the middle of the blob
 * @param peers the peers connected now, and how they are connected; none once the blob is closed
 * @param timeToFirstByte from the call of open to the first plaintext byte handed to the app; empty before it
 * @param elapsed from the call of open until now, or until the end
 */
public record FetchStats(
        Map<SourceInfo, Long> bytesBySource,
        long bytesFromStore,
        long rejectedGroups,
        long wastedBytes,
        Map<OriginUse, Long> originUse,
        Stalls stalls,
        Map<SourceInfo, PeerPath> peers,
        Optional<Duration> timeToFirstByte,
        Duration elapsed) {
    /** Keeps unmodifiable copies of the maps. */
    public FetchStats {
        bytesBySource = Map.copyOf(bytesBySource);
        originUse = Map.copyOf(originUse);
        peers = Map.copyOf(peers);
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
        long fromPeers = bytesFrom(SourceInfo.Kind.PEER);
        long all = fromPeers + bytesFrom(SourceInfo.Kind.ORIGIN);
        return all == 0 ? 0 : (double) fromPeers / all;
    }
}
