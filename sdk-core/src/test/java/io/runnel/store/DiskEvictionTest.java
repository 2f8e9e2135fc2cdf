package io.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.store.ScriptedFiles.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What goes at the bound, what stays, and that the books are right. */
class DiskEvictionTest {
    private static final int BOUND = 32 << 20;
    private static final DiskStoreSettings SETTINGS =
            DiskStoreSettings.defaults().withMaxBytes(BOUND).withMemoryBytes(4 << 20);
    private static final GroupRange WHOLE = new GroupRange(0, 64);

    private ScriptedFiles files = new ScriptedFiles();

    private DiskBlobStore open() throws IOException {
        return DiskBlobStore.open(files, SETTINGS, System::nanoTime);
    }

    /** Blobs of 1 MiB: each a file of its own at this bound. */
    private static void put(DiskBlobStore store, int blob) throws IOException {
        try (StoredBlob stored = store.open(TestBytes.id(blob), TestBytes.MIB)) {
            TestBytes.put(stored, TestBytes.id(blob), WHOLE);
        }
    }

    private static boolean has(DiskBlobStore store, int blob) throws IOException {
        try (StoredBlob stored = store.open(TestBytes.id(blob), TestBytes.MIB)) {
            return stored.held().equals(GroupSet.all(64));
        }
    }

    private static void use(DiskBlobStore store, int blob) throws IOException {
        try (StoredBlob stored = store.open(TestBytes.id(blob), TestBytes.MIB)) {
            assertThat(TestBytes.reads(stored, TestBytes.id(blob), new GroupRange(5, 6)))
                    .isTrue();
        }
    }

    private static List<Integer> all(DiskBlobStore store, int blobs) throws IOException {
        List<Integer> there = new ArrayList<>();
        for (int blob = 0; blob < blobs; blob++) {
            if (has(store, blob)) {
                there.add(blob);
            }
        }
        return there;
    }

    @Test
    void put_atTheBound_dropsTheLeastRecentlyUsed() throws IOException {
        try (DiskBlobStore store = open()) {
            int kept = fill(store);
            use(store, 0);
            use(store, 2);
            put(store, 100);
            put(store, 101);
            assertThat(all(store, kept)).doesNotContain(1, 3).hasSize(kept - 2);
        }
    }

    @Test
    void put_afterRestart_goesOnInTheSameOrder() throws IOException {
        int kept;
        try (DiskBlobStore store = open()) {
            kept = fill(store);
            use(store, 0);
        }
        files = files.afterKill();
        try (DiskBlobStore store = open()) {
            use(store, 1);
            put(store, 100);
            put(store, 101);
            assertThat(all(store, kept)).doesNotContain(2, 3).hasSize(kept - 2);
        }
    }

    /** Puts blobs until one more would have dropped the first; returns their number. */
    private static int fill(DiskBlobStore store) throws IOException {
        int blobs = 0;
        while (store.usedBytes() + Segment.HEADER_BYTES + TestBytes.MIB <= BOUND) {
            put(store, blobs);
            blobs++;
        }
        assertThat(all(store, blobs)).hasSize(blobs);
        return blobs;
    }

    @Test
    void open_withASmallerBound_dropsTheLeastRecentlyUsed() throws IOException {
        try (DiskBlobStore store = DiskBlobStore.open(files, SETTINGS.withMaxBytes(2 * BOUND), System::nanoTime)) {
            for (int blob = 0; blob < 50; blob++) {
                put(store, blob);
            }
        }
        files = files.afterKill();
        try (DiskBlobStore store = open()) {
            assertThat(store.usedBytes()).isLessThanOrEqualTo(BOUND).isGreaterThan(BOUND / 2);
            assertThat(all(store, 50)).contains(49).doesNotContain(0);
        }
    }

    @Test
    void open_withTheLeastBoundWhereTheNewestFileIsAsLarge_makesRoom() throws IOException {
        BlobId id = TestBytes.id(1);
        long size = 64L << 20;
        try (DiskBlobStore store = DiskBlobStore.open(files, DiskStoreSettings.defaults(), System::nanoTime);
                StoredBlob blob = store.open(id, size)) {
            TestBytes.put(blob, id, new GroupRange(0, 31 * 64));
        }
        files = files.afterKill();
        DiskStoreSettings least = DiskStoreSettings.defaults().withMaxBytes(32 << 20);
        try (DiskBlobStore store = DiskBlobStore.open(files, least, System::nanoTime);
                StoredBlob blob = store.open(id, size)) {
            TestBytes.put(blob, id, new GroupRange(40 * 64, 50 * 64));
            blob.flush();
            assertThat(store.usedBytes()).isLessThanOrEqualTo(32 << 20);
            assertThat(TestBytes.reads(blob, id, new GroupRange(40 * 64, 50 * 64)))
                    .isTrue();
        }
    }

    @Test
    void put_victimCannotBeDeletedAndItsBlobIsClosedMeanwhile_isStillHeld() throws Exception {
        long[] nanos = new long[1];
        try (DiskBlobStore store = DiskBlobStore.open(files, SETTINGS, () -> nanos[0])) {
            StoredBlob first = store.open(TestBytes.id(0), TestBytes.MIB);
            TestBytes.put(first, TestBytes.id(0), WHOLE);
            files.fail(ScriptedFiles.Step.DELETE);
            files.before(ScriptedFiles.Step.DELETE, () -> close(first));
            for (int blob = 1; files.count(ScriptedFiles.Step.DELETE) == 0; blob++) {
                put(store, blob);
            }
            assertThat(has(store, 0)).isTrue();
            files.mend(ScriptedFiles.Step.DELETE);
            nanos[0] += DiskHealth.RETRY_NANOS;
        }
    }

    @Test
    void put_oneFileCannotBeDeleted_dropsOthers() throws IOException {
        long[] nanos = new long[1];
        try (DiskBlobStore store = DiskBlobStore.open(files, SETTINGS, () -> nanos[0])) {
            put(store, 0);
            files.failOnly(Step.DELETE, files.names().get(0));
            for (int blob = 1; blob < 80; blob++) {
                put(store, blob);
                nanos[0] += DiskHealth.RETRY_NANOS;
            }
        }
        try (DiskBlobStore store = DiskBlobStore.open(files.afterKill(), SETTINGS, System::nanoTime)) {
            assertThat(all(store, 80)).contains(0, 77, 78, 79).hasSizeGreaterThan(25);
        }
    }

    private static void close(StoredBlob blob) {
        try {
            blob.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void put_whileAReadIsUnderWay_neverDeletesItsFile() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (DiskBlobStore store = open();
                StoredBlob first = store.open(TestBytes.id(0), TestBytes.MIB)) {
            put(store, 0);
            files.before(Step.READ, () -> {
                reading.countDown();
                await(goOn);
            });
            CompletableFuture<Boolean> read = CompletableFuture.supplyAsync(() -> {
                try {
                    return TestBytes.reads(first, TestBytes.id(0), WHOLE);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            await(reading);
            for (int blob = 1; blob < 80; blob++) {
                put(store, blob);
            }
            assertThat(first.held()).isEqualTo(GroupSet.all(64));
            goOn.countDown();
            assertThat(read.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void put_allOfTheStoreIsPinned_keepsThePinnedAndTheNewestInMemory() throws IOException {
        BlobId id = TestBytes.id(7);
        try (DiskBlobStore store = open();
                StoredBlob blob = store.open(id, 128L << 20)) {
            StoredBlob.Pin pin = blob.pin(new GroupRange(0, 4096));
            for (int group = 0; group < 4096; group += 64) {
                TestBytes.put(blob, id, new GroupRange(group, group + 64));
                assertThat(TestBytes.reads(blob, id, new GroupRange(group, group + 64)))
                        .isTrue();
            }
            GroupSet held = TestBytes.readAllHeld(blob, id);
            assertThat(held.runEnd(0)).as("groups on the disk").isGreaterThan(1600);
            assertThat(held.contains(4095)).isTrue();
            assertThat(held.count() * TestBytes.GROUP).isLessThanOrEqualTo(BOUND + (4 << 20));
            pin.close();
            blob.flush();
            assertThat(TestBytes.readAllHeld(blob, id).contains(4095)).isTrue();
        }
    }

    @Test
    void usedBytes_whateverIsDone_isWithinTheBoundAndRightAfterRestart() throws IOException {
        long seed = 20261107;
        Random random = new Random(seed);
        for (int life = 0; life < 8; life++) {
            long used;
            try (DiskBlobStore store = open()) {
                assertThat(store.usedBytes()).isLessThanOrEqualTo(BOUND);
                for (int i = 0; i < 60; i++) {
                    anything(store, random);
                    assertThat(store.usedBytes())
                            .as("seed %d, life %d, step %d", seed, life, i)
                            .isLessThanOrEqualTo(BOUND)
                            .isGreaterThanOrEqualTo(files.totalBytes());
                }
                used = store.usedBytes();
            }
            files = files.afterKill();
            try (DiskBlobStore store = open()) {
                assertThat(store.usedBytes()).as("seed %d, life %d", seed, life).isEqualTo(used);
            }
        }
    }

    private static void anything(DiskBlobStore store, Random random) throws IOException {
        int number = random.nextInt(40);
        long size = new long[] {50, 40_000, 900_000, 5 << 20, 40 << 20}[number % 5];
        BlobId id = TestBytes.id(number);
        try (StoredBlob blob = store.open(id, size)) {
            long groups = Units.groups(size).count();
            long first = random.nextInt((int) groups);
            TestBytes.put(blob, id, new GroupRange(first, Math.min(groups, first + 1 + random.nextInt(100))));
            if (random.nextInt(4) == 0) {
                TestBytes.readAllHeld(blob, id);
            }
        }
    }

    @Test
    void put_manySmallBlobs_costsFewForcesAndFiles() throws IOException {
        try (DiskBlobStore store = DiskBlobStore.open(files, DiskStoreSettings.defaults(), () -> 0)) {
            for (int i = 0; i < 10_000; i++) {
                BlobId id = TestBytes.id(i);
                try (StoredBlob blob = store.open(id, 4_000)) {
                    TestBytes.put(blob, id, new GroupRange(0, 1));
                }
            }
        }
        assertThat(files.names()).hasSizeLessThan(20);
        assertThat(files.count(Step.FORCE)).isLessThan(100);
        files = files.afterKill();
        try (DiskBlobStore store = DiskBlobStore.open(files, DiskStoreSettings.defaults(), () -> 0)) {
            for (int i = 0; i < 10_000; i += 97) {
                BlobId id = TestBytes.id(i);
                try (StoredBlob blob = store.open(id, 4_000)) {
                    assertThat(TestBytes.readAllHeld(blob, id)).isEqualTo(GroupSet.all(1));
                }
            }
        }
    }
}
