package io.runnel.engine;

import io.runnel.fetch.FetchTotals;
import io.runnel.source.SourceInfo;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Counts what a fetch does. Safe for use on any thread. */
final class TotalsMeter {
    private final long startNanos;
    private final Map<SourceInfo, Long> bytesBySource = new HashMap<>();
    private long bytesFromStore;
    private long rejectedGroups;
    private long wastedBytes;
    private long firstByteNanos = -1;
    private long endNanos = -1;

    TotalsMeter(long startNanos) {
        this.startNanos = startNanos;
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

    /** Plaintext was handed to the app; only the first call counts. */
    synchronized void delivered(long nowNanos) {
        if (firstByteNanos < 0) {
            firstByteNanos = nowNanos - startNanos;
        }
    }

    synchronized void ended(long nowNanos) {
        endNanos = nowNanos - startNanos;
    }

    synchronized FetchTotals totals(long nowNanos) {
        long elapsed = endNanos >= 0 ? endNanos : nowNanos - startNanos;
        return new FetchTotals(
                bytesBySource,
                bytesFromStore,
                rejectedGroups,
                wastedBytes,
                firstByteNanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(firstByteNanos)),
                Duration.ofNanos(elapsed));
    }
}
