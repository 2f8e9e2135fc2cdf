package io.runnel.bench;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import io.runnel.store.BlobStore;
import io.runnel.store.DiskBlobStore;
import io.runnel.store.DiskStoreSettings;
import io.runnel.store.StoredBlob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What the disk store costs: 512 MiB put in random order beside a plain file that is forced as often, and 10,000 blobs of
 * 32 KiB. The argument is a folder on the disk to measure; it must not exist, and is deleted at the end.
 */
public final class StoreBench {
    private static final int MIB = 1 << 20;
    private static final int GROUP = 16 * 1024;
    private static final long LARGE_BYTES = 512L * MIB;
    private static final int FORCE_EVERY_BYTES = 8 * MIB;
    private static final int SMALL_BLOBS = 10_000;
    private static final int SMALL_BYTES = 32 * 1024 + 40;

    private final Path folder;
    private final ByteBuffer noise = ByteBuffer.allocate(MIB);

    private StoreBench(Path folder) {
        this.folder = folder;
        new Random(1).nextBytes(noise.array());
    }

    /** Runs all measurements and prints a line for each. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1 || Files.exists(Path.of(arguments[0]))) {
            throw new IllegalArgumentException("one argument: a folder that does not exist yet");
        }
        StoreBench bench = new StoreBench(Files.createDirectories(Path.of(arguments[0])));
        try {
            // Twice, the first to warm up.
            for (String round : List.of("cold", "warm")) {
                for (int groups : new int[] {1, 8}) {
                    bench.large(round, groups);
                }
                bench.small(round);
            }
        } finally {
            delete(bench.folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private void large(String round, int groups) throws IOException {
        List<Integer> order = new ArrayList<>();
        for (int piece = 0; piece < LARGE_BYTES / ((long) groups * GROUP); piece++) {
            order.add(piece);
        }
        Collections.shuffle(order, new Random(7));
        String what = round + ", 512 MiB in random pieces of " + groups * 16 + " KiB";
        measure(what + ", plain file", LARGE_BYTES, () -> plain(order, groups * GROUP));
        Path kept = folder.resolve("large");
        measure(what + ", store", LARGE_BYTES, () -> put(kept, order, groups));
        measure(what + ", read back", LARGE_BYTES, () -> read(kept, groups));
        delete(kept);
    }

    private void plain(List<Integer> order, int length) throws IOException {
        Path path = folder.resolve("plain");
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long unforced = 0;
            for (int piece : order) {
                file.write(bytes(length, piece), (long) piece * length);
                unforced += length;
                if (unforced >= FORCE_EVERY_BYTES) {
                    file.force(false);
                    unforced = 0;
                }
            }
            file.force(false);
        }
        Files.delete(path);
    }

    private void put(Path kept, List<Integer> order, int groups) throws IOException {
        try (BlobStore store = DiskBlobStore.open(kept);
                StoredBlob blob = store.open(id(0), LARGE_BYTES)) {
            for (int piece : order) {
                blob.putGroups((long) piece * groups, bytes(groups * GROUP, piece));
            }
        }
    }

    private static void read(Path kept, int groups) throws IOException {
        try (BlobStore store = DiskBlobStore.open(kept);
                StoredBlob blob = store.open(id(0), LARGE_BYTES)) {
            ByteBuffer target = ByteBuffer.allocate(groups * GROUP);
            for (long group = 0; group < LARGE_BYTES / GROUP; group += groups) {
                require(blob.readGroups(new GroupRange(group, group + groups), target.clear()));
            }
        }
    }

    private void small(String round) throws IOException {
        Path kept = folder.resolve("small");
        long bytes = (long) SMALL_BLOBS * SMALL_BYTES;
        String what = round + ", 10,000 blobs of 32 KiB";
        measure(what + ", put", bytes, () -> putSmall(kept));
        long before = heapBytes();
        try (DiskBlobStore store = DiskBlobStore.open(kept, DiskStoreSettings.defaults())) {
            System.out.printf(
                    Locale.ROOT,
                    "%s: %d files, %.1f MiB, %d bytes of heap for each blob%n",
                    what,
                    files(kept),
                    store.usedBytes() / (double) MIB,
                    (heapBytes() - before) / SMALL_BLOBS);
        }
        measure(what + ", open and read", bytes, () -> readSmall(kept));
        delete(kept);
    }

    private static long files(Path kept) throws IOException {
        try (Stream<Path> files = Files.list(kept)) {
            return files.count() - 1;
        }
    }

    private void putSmall(Path kept) throws IOException {
        ByteBuffer parents = ByteBuffer.allocate(128);
        try (BlobStore store = DiskBlobStore.open(kept)) {
            for (int i = 0; i < SMALL_BLOBS; i++) {
                try (StoredBlob blob = store.open(id(i), SMALL_BYTES)) {
                    blob.putTree(0, parents.clear());
                    blob.putGroups(0, bytes(SMALL_BYTES, i));
                }
            }
        }
    }

    private static void readSmall(Path kept) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(SMALL_BYTES);
        try (BlobStore store = DiskBlobStore.open(kept)) {
            for (int i = 0; i < SMALL_BLOBS; i++) {
                try (StoredBlob blob = store.open(id(i), SMALL_BYTES)) {
                    require(blob.readGroups(new GroupRange(0, 3), target.clear()));
                }
            }
        }
    }

    private static void require(boolean given) {
        if (!given) {
            throw new IllegalStateException("the store does not give what was put");
        }
    }

    private ByteBuffer bytes(int length, int seed) {
        return noise.slice(seed % 64 * 1000, length);
    }

    private static BlobId id(int number) {
        return BlobId.of(ByteBuffer.allocate(32).putInt(number).array());
    }

    private static long heapBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void measure(String what, long bytes, Step step) throws IOException {
        long writtenBefore = writtenBytes();
        long start = System.nanoTime();
        step.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "%s: %.0f MB/s, %.2f s, %.3f bytes written for each%n",
                what,
                bytes / 1e6 / seconds,
                seconds,
                (writtenBytes() - writtenBefore) / (double) bytes);
    }

    /** What this process made the system write to disks; 0 where it does not tell. */
    private static long writtenBytes() throws IOException {
        Path counters = Path.of("/proc/self/io");
        if (!Files.isReadable(counters)) {
            return 0;
        }
        return Files.readAllLines(counters).stream()
                .filter(line -> line.startsWith("write_bytes:"))
                .mapToLong(line -> Long.parseLong(line.substring(12).strip()))
                .sum();
    }
}
