package io.runnel.bench;

import io.runnel.Blob;
import io.runnel.Runnel;
import io.runnel.crypto.BlobId;
import io.runnel.fetch.ByteRange;
import io.runnel.keys.BlobGrant;
import io.runnel.keys.KeySource;
import io.runnel.store.MemoryBlobStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * What a client costs for each small blob: 10,000 blobs of 32 KiB, one after the other opened, read and closed, from an
 * origin in memory and with keys at hand. Beside it the same bytes proven and decrypted is what {@link VerifyBenchmark} and
 * {@link ChaCha20Benchmark} measure; the rest is the client's.
 */
public final class SmallBlobsBench {
    private static final int BLOBS = 10_000;
    private static final int BYTES = 32 * 1024;
    private static final long STORE_BYTES = 16L << 20;

    private SmallBlobsBench() {}

    /** Runs four rounds and prints a line for each. */
    public static void main(String[] arguments) throws IOException {
        Map<BlobId, PublishedBlob> blobs = new HashMap<>();
        Random random = new Random(1);
        for (int i = 0; i < BLOBS; i++) {
            PublishedBlob blob = PublishedBlob.random(random, BYTES);
            blobs.put(blob.id, blob);
        }
        for (int round = 1; round <= 4; round++) {
            try (Runnel runnel = Runnel.builder()
                    .keySource(new KeysAtHand(blobs))
                    .source(new LocalOrigin(blobs))
                    .store(new MemoryBlobStore(STORE_BYTES))
                    .build()) {
                measure(runnel, blobs, round);
            }
        }
    }

    private static void measure(Runnel runnel, Map<BlobId, PublishedBlob> blobs, int round) throws IOException {
        long cpuBefore = cpuNanos();
        long started = System.nanoTime();
        for (BlobId id : blobs.keySet()) {
            try (Blob blob = runnel.open(id)) {
                if (blob.read(new ByteRange(0, blob.size())).length != BYTES) {
                    throw new IllegalStateException("a blob of another size");
                }
            }
        }
        long elapsed = System.nanoTime() - started;
        System.out.println(String.format(
                Locale.ROOT,
                "round %d: %.0f us and %.0f CPU us for each blob of 32 KiB",
                round,
                elapsed / 1e3 / BLOBS,
                (cpuNanos() - cpuBefore) / 1e3 / BLOBS));
    }

    private static long cpuNanos() {
        var bean = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return bean.getProcessCpuTime();
    }

    private record KeysAtHand(Map<BlobId, PublishedBlob> blobs) implements KeySource {
        @Override
        public CompletableFuture<BlobGrant> grant(BlobId id) {
            PublishedBlob blob = Objects.requireNonNull(blobs.get(id), "only blobs of the benchmark are opened");
            return CompletableFuture.completedFuture(blob.grant());
        }

        @Override
        public void onRevoked(Runnable action) {
            // Nobody revokes it.
        }

        @Override
        public void close() {
            // The blobs are another's.
        }
    }
}
