package io.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The power goes in the middle of some write, force, making or deleting of a file, and every sector that was not forced is
 * there or not at random: whatever the store claims afterwards must be there.
 */
class PowerLossTest {
    private static final int SEEDS = Integer.getInteger("runnel.store.powerLosses", 80);
    private static final long[] SIZES = {100, 33_000, 200_000, 3 << 20, 5 << 20};
    private static final DiskStoreSettings SETTINGS =
            DiskStoreSettings.defaults().withMaxBytes(32 << 20);

    @Test
    void reopen_afterPowerLossAnywhere_whatIsHeldIsRightAndWhatWasFlushedIsHeld() throws IOException {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                lives(seed, 0);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void reopen_afterPowerLossWhileEvicting_whatIsHeldIsRight() throws IOException {
        for (long seed = 1; seed <= SEEDS / 4; seed++) {
            try {
                lives(seed, 40);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    /** Three processes after each other, each ended by a loss of power. */
    private static void lives(long seed, int fillers) throws IOException {
        Random random = new Random(seed);
        ScriptedFiles files = new ScriptedFiles();
        Map<BlobId, GroupSet> flushed = new HashMap<>();
        for (int life = 0; life < 3; life++) {
            files.losePowerAfter(random.nextInt(200));
            try {
                new Life(files, random, flushed, fillers).run();
            } catch (ScriptedFiles.PowerLoss expected) {
                // The next life finds what is left.
            }
            files = files.afterPowerLoss(random);
            check(files, fillers == 0 ? flushed : Map.of());
        }
    }

    private static void check(ScriptedFiles files, Map<BlobId, GroupSet> flushed) throws IOException {
        ScriptedFiles copy = files.afterKill();
        try (DiskBlobStore store = DiskBlobStore.open(copy, SETTINGS, () -> 0)) {
            for (int i = 0; i < SIZES.length; i++) {
                BlobId id = TestBytes.id(i);
                try (StoredBlob blob = store.open(id, SIZES[i])) {
                    GroupSet held = TestBytes.readAllHeld(blob, id);
                    GroupSet promised = flushed.getOrDefault(id, GroupSet.empty());
                    assertThat(promised.minus(held).runs())
                            .as("flushed and lost")
                            .isEmpty();
                }
            }
            assertThat(store.usedBytes())
                    .isGreaterThanOrEqualTo(copy.totalBytes())
                    .isLessThanOrEqualTo(SETTINGS.maxBytes());
        }
    }

    /** A process that puts, reads and flushes at random. */
    private static final class Life {
        private final Random random;
        private final Map<BlobId, GroupSet> flushed;
        private final int fillers;
        private final ScriptedFiles files;
        private final DiskBlobStore store;
        private final List<StoredBlob> blobs = new ArrayList<>();
        private final long[] clock = new long[1];

        Life(ScriptedFiles files, Random random, Map<BlobId, GroupSet> flushed, int fillers) throws IOException {
            this.random = random;
            this.flushed = flushed;
            this.fillers = fillers;
            this.files = files;
            this.store = DiskBlobStore.open(files, SETTINGS, () -> clock[0]);
        }

        void run() throws IOException {
            for (int i = 0; i < SIZES.length; i++) {
                blobs.add(store.open(TestBytes.id(i), SIZES[i]));
            }
            // As if another thread put something between a force and the record that follows.
            files.afterForce(() -> {
                try {
                    TestBytes.put(blobs.get(3), TestBytes.id(3), run(192));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            while (true) {
                step(random.nextInt(SIZES.length));
            }
        }

        private void step(int i) throws IOException {
            StoredBlob blob = blobs.get(i);
            BlobId id = TestBytes.id(i);
            clock[0] += random.nextInt(1_000_000_000);
            switch (random.nextInt(12)) {
                case 0 -> {
                    Map<BlobId, GroupSet> before = new HashMap<>();
                    for (int each = 0; each < SIZES.length; each++) {
                        before.put(TestBytes.id(each), blobs.get(each).held());
                    }
                    blob.flush();
                    flushed.putAll(before);
                }
                case 1 -> TestBytes.readAllHeld(blob, id);
                case 2 -> {
                    long parents = Units.parents(SIZES[i]).count();
                    if (parents > 0) {
                        TestBytes.putParents(blob, id, run(parents));
                    }
                }
                case 3 -> {
                    if (fillers > 0) {
                        fill(TestBytes.id(1000 + random.nextInt(fillers)));
                    }
                }
                default -> TestBytes.put(blob, id, run(Units.groups(SIZES[i]).count()));
            }
        }

        private void fill(BlobId id) throws IOException {
            try (StoredBlob blob = store.open(id, TestBytes.MIB)) {
                TestBytes.put(blob, id, new GroupRange(0, 64));
            }
        }

        private GroupRange run(long units) {
            long first = random.nextInt((int) units);
            return new GroupRange(first, Math.min(units, first + 1 + random.nextInt(24)));
        }
    }
}
