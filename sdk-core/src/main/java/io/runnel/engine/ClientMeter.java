package io.runnel.engine;

import io.runnel.fetch.ClientStats;
import io.runnel.fetch.FetchStats;
import io.runnel.fetch.OriginUse;
import io.runnel.fetch.Stalls;
import io.runnel.source.PeerPath;
import io.runnel.source.SourceInfo;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Adds up the fetches of a client: those that are over as sums, those under way as they stand. Safe on any thread. */
final class ClientMeter {
    private final Set<TotalsMeter> open = new HashSet<>();
    private final Sum over = new Sum();
    private long opened;

    synchronized void opened(TotalsMeter fetch) {
        opened++;
        open.add(fetch);
    }

    synchronized void ended(TotalsMeter fetch, long nowNanos) {
        if (open.remove(fetch)) {
            over.add(fetch.stats(nowNanos));
        }
    }

    synchronized ClientStats stats(long nowNanos) {
        Sum all = new Sum();
        all.add(over);
        Map<PeerPath, Integer> peers = new EnumMap<>(PeerPath.class);
        for (TotalsMeter fetch : open) {
            FetchStats stats = fetch.stats(nowNanos);
            all.add(stats);
            stats.peers().values().forEach(path -> peers.merge(path, 1, Integer::sum));
        }
        return new ClientStats(
                open.size(),
                opened,
                all.bytesByKind,
                all.bytesFromStore,
                all.rejectedGroups,
                all.wastedBytes,
                all.originUse,
                all.stalls,
                all.firstBytes,
                all.timeToFirstBytes,
                peers);
    }

    private static final class Sum {
        final Map<SourceInfo.Kind, Long> bytesByKind = new EnumMap<>(SourceInfo.Kind.class);
        final Map<OriginUse, Long> originUse = new EnumMap<>(OriginUse.class);
        Stalls stalls = Stalls.NONE;
        long bytesFromStore;
        long rejectedGroups;
        long wastedBytes;
        long firstBytes;
        Duration timeToFirstBytes = Duration.ZERO;

        void add(FetchStats fetch) {
            fetch.bytesBySource().forEach((source, bytes) -> bytesByKind.merge(source.kind(), bytes, Long::sum));
            fetch.originUse().forEach((use, groups) -> originUse.merge(use, groups, Long::sum));
            stalls = stalls.plus(fetch.stalls());
            bytesFromStore += fetch.bytesFromStore();
            rejectedGroups += fetch.rejectedGroups();
            wastedBytes += fetch.wastedBytes();
            fetch.timeToFirstByte().ifPresent(time -> {
                firstBytes++;
                timeToFirstBytes = timeToFirstBytes.plus(time);
            });
        }

        void add(Sum other) {
            other.bytesByKind.forEach((kind, bytes) -> bytesByKind.merge(kind, bytes, Long::sum));
            other.originUse.forEach((use, groups) -> originUse.merge(use, groups, Long::sum));
            stalls = stalls.plus(other.stalls);
            bytesFromStore += other.bytesFromStore;
            rejectedGroups += other.rejectedGroups;
            wastedBytes += other.wastedBytes;
            firstBytes += other.firstBytes;
            timeToFirstBytes = timeToFirstBytes.plus(other.timeToFirstBytes);
        }
    }
}
