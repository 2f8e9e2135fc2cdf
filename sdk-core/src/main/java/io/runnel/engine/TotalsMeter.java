package io.runnel.engine;

import io.runnel.crypto.BlobId;
import io.runnel.fetch.FetchStats;
import io.runnel.fetch.OriginUse;
import io.runnel.fetch.Stalls;
import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.PeerPath;
import io.runnel.source.SourceInfo;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Counts what the fetch of one blob does. Safe for use on any thread. */
final class TotalsMeter {
    private final BlobId id;
    private final long startNanos;
    private final Map<SourceInfo, Long> bytesBySource = new HashMap<>();
    private final Map<OriginUse, Long> originUse = new EnumMap<>(OriginUse.class);
    private final Set<GuardedSource> peers = new HashSet<>();
    private Stalls stalls = Stalls.NONE;
    private long bytesFromStore;
    private long rejectedGroups;
    private long wastedBytes;
    private long firstByteNanos = -1;
    private long endNanos = -1;

    TotalsMeter(BlobId id, long startNanos) {
        this.id = id;
        this.startNanos = startNanos;
    }

    /** What to give to a source as the receiver of a request, so that a flight recording has it. */
    BlobSource.GroupReceiver recorded(SourceInfo from, GroupRange groups, BlobSource.GroupReceiver receiver) {
        return SourceRequestEvent.recorded(id, from, groups, receiver);
    }

    synchronized void joined(GuardedSource source) {
        if (source.info().kind() == SourceInfo.Kind.PEER) {
            peers.add(source);
        }
    }

    synchronized void left(GuardedSource source) {
        peers.remove(source);
    }

    synchronized void verified(SourceInfo source, long bytes) {
        bytesBySource.merge(source, bytes, Long::sum);
    }

    synchronized void fromStore(long bytes) {
        bytesFromStore += bytes;
    }

    synchronized void rejectedGroup() {
        rejectedGroups++;
    }

    synchronized void wasted(long bytes) {
        wastedBytes += bytes;
    }

    /** The origin was asked for groups. Until a first byte was handed out, what was urgent was for the start. */
    synchronized void originAsked(OriginUse why, long groups) {
        OriginUse use = why == OriginUse.URGENT && firstByteNanos < 0 ? OriginUse.STARTUP : why;
        originUse.merge(use, groups, Long::sum);
    }

    /** A reader waited in the middle of the blob. */
    synchronized void stalled(Duration waited) {
        stalls = stalls.plus(new Stalls(1, waited));
    }

    /** Plaintext was handed to the app; only the first call counts. */
    synchronized void delivered(long nowNanos) {
        if (firstByteNanos < 0) {
            firstByteNanos = nowNanos - startNanos;
        }
    }

    synchronized void ended(long nowNanos) {
        endNanos = nowNanos - startNanos;
        peers.clear();
    }

    synchronized FetchStats stats(long nowNanos) {
        long elapsed = endNanos >= 0 ? endNanos : nowNanos - startNanos;
        Map<SourceInfo, PeerPath> paths = new HashMap<>();
        peers.forEach(peer -> paths.put(peer.info(), peer.path()));
        return new FetchStats(
                bytesBySource,
                bytesFromStore,
                rejectedGroups,
                wastedBytes,
                originUse,
                stalls,
                paths,
                firstByteNanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(firstByteNanos)),
                Duration.ofNanos(elapsed));
    }
}
