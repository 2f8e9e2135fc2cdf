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
            all.add(new Shard(new EventQueue(mostEventsEachSecond)));
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

    /** Runs all events before a moment, those between windows at the beginning of the window they fall in. */
    void runUntil(long endMillis, EventQueue between, int viewers, LongConsumer progress) {
        int threads = viewers < VIEWERS_WORTH_THREADS
                ? 1
                : Math.min(SHARDS, Runtime.getRuntime().availableProcessors());
        // One fewer, as this thread runs a part itself. Each always runs the same shards: it has their state at hand.
        List<ExecutorService> others = new ArrayList<>();
        for (int i = 1; i < threads; i++) {
            others.add(Executors.newSingleThreadExecutor());
        }
        try {
            for (long start = 0; start < endMillis; start += Shard.WINDOW_MILLIS) {
                long end = Math.min(endMillis, start + Shard.WINDOW_MILLIS);
                between.runUntil(end);
                all.forEach(Shard::post);
                List<CompletableFuture<Void>> windows = new ArrayList<>();
                for (ExecutorService other : others) {
                    int part = windows.size() + 1;
                    windows.add(CompletableFuture.runAsync(() -> runPart(part, threads, end), other));
                }
                runPart(0, threads, end);
                windows.forEach(CompletableFuture::join);
                progress.accept(end);
            }
        } finally {
            others.forEach(ExecutorService::shutdownNow);
        }
    }

    private void runPart(int part, int parts, long endMillis) {
        for (int i = part; i < all.size(); i += parts) {
            all.get(i).runUntil(endMillis);
        }
    }
}
