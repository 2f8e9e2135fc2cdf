package io.runnel.fetch;

import io.runnel.source.PeerPath;
import io.runnel.source.SourceInfo;
import java.time.Duration;
import java.util.Map;

/**
 * What all fetches of a client have done since it was built, those of closed blobs included. Numbers only grow, save
 * {@code openBlobs} and {@code peers}.
 *
 * @param openBlobs blobs open now
 * @param openedBlobs blobs opened so far
 * @param bytesByKind proven bytes by the kind of who delivered them
 * @param bytesFromStore as in {@link FetchStats}, of all blobs
 * @param rejectedGroups as in {@link FetchStats}
 * @param wastedBytes as in {@link FetchStats}
 * @param originUse as in {@link FetchStats}
 * @param stalls as in {@link FetchStats}
 * @param firstBytes blobs of which a first byte was handed out
 * @param timeToFirstBytes how long those took from the call of open, all together
 * @param peers connections to peers now, one for each blob they serve, by how they run
 */
public record ClientStats(
        int openBlobs,
        long openedBlobs,
        Map<SourceInfo.Kind, Long> bytesByKind,
        long bytesFromStore,
        long rejectedGroups,
        long wastedBytes,
        Map<OriginUse, Long> originUse,
        Stalls stalls,
        long firstBytes,
        Duration timeToFirstBytes,
        Map<PeerPath, Integer> peers) {
    /** Keeps unmodifiable copies of the maps. */
    public ClientStats {
        bytesByKind = Map.copyOf(bytesByKind);
        originUse = Map.copyOf(originUse);
        peers = Map.copyOf(peers);
    }

    /** Proven bytes from sources of one kind. */
    public long bytesFrom(SourceInfo.Kind kind) {
        return bytesByKind.getOrDefault(kind, 0L);
    }

    /** Bytes from peers as a fraction of all bytes that sources delivered, 0 to 1; 0 where none did. */
    public double offload() {
        long fromPeers = bytesFrom(SourceInfo.Kind.PEER);
        long all = fromPeers + bytesFrom(SourceInfo.Kind.ORIGIN);
        return all == 0 ? 0 : (double) fromPeers / all;
    }
}
