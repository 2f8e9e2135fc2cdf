package io.runnel.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongConsumer;

/**
 * Runs viewers window by window, on several threads where there are many. Between two windows all threads rest: then
 * happens what concerns several viewers, who come, go and meet.
 */
final class Shards {
    /** More than most machines have threads to spare; always as many, since traces depend on it. */
    private static final int SHARDS = 4;

    /** Fewer viewers take less time in a window than threads take to begin and end one. */
    private static final int VIEWERS_WORTH_THREADS = 200;

    private final List<Shard> all = new ArrayList<>();

    /**
     * Shards without viewers.
     *
     * @param mostEventsEachSecond in one shard and simulated second; more are a livelock
     */
    Shards(long mostEventsEachSecond) {
        for (int i = 0; i < SHARDS; i++) {
            all.add(new Shard(i, SHARDS, new EventQueue(mostEventsEachSecond)));
        }
    }

    /** Where a viewer belongs. */
    Shard of(int viewer) {
        return all.get(viewer % SHARDS);
    }

    /** Events that wait. */
    long size() {
        return all.stream().mapToLong(shard -> shard.events().size()).sum();
    }

    /** What all have counted. */
    Measured measured() {
        Measured sum = new Measured();
        all.forEach(shard -> sum.add(shard.measured()));
        return sum;
    }

    /** Runs all events before a moment, those between windows at the beginning of the window they fall in. */
    void runUntil(long endMillis, EventQueue between, int viewers, LongConsumer progress) {
        int threads = viewers < VIEWERS_WORTH_THREADS
                ? 1
                : Math.min(SHARDS, Runtime.getRuntime().availableProcessors());
        ExecutorService pool = threads == 1 ? null : Executors.newFixedThreadPool(threads);
        try {
            for (long start = 0; start < endMillis; start += Shard.WINDOW_MILLIS) {
                long end = Math.min(endMillis, start + Shard.WINDOW_MILLIS);
                between.runUntil(end);
                all.forEach(shard -> shard.post(all));
                if (pool == null) {
                    all.forEach(shard -> shard.runUntil(end));
                } else {
                    inParallel(pool, end);
                }
                progress.accept(end);
            }
        } finally {
            if (pool != null) {
                pool.shutdownNow();
            }
        }
    }

    private void inParallel(ExecutorService pool, long endMillis) {
        CompletableFuture<?>[] windows = all.stream()
                .map(shard -> CompletableFuture.runAsync(() -> shard.runUntil(endMillis), pool))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(windows).join();
    }
}
