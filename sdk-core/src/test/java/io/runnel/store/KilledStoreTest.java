package io.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes is killed with {@code kill -9} at a random moment, again and again over one folder. */
class KilledStoreTest {
    private static final int KILLS = Integer.getInteger("runnel.store.kills", 20);
    private static final long SEED = Long.getLong("runnel.store.seed", new Random().nextLong() >>> 16);

    @TempDir
    private Path temp;

    @Test
    void reopen_afterKills_whatIsHeldIsRightAndWhatWasFlushedIsHeld() throws Exception {
        System.out.println("seed " + SEED);
        List<GroupSet> flushed = new ArrayList<>();
        for (int i = 0; i < StoreMain.SIZES.length; i++) {
            flushed.add(GroupSet.empty());
        }
        Random random = new Random(SEED);
        for (int kill = 0; kill < KILLS; kill++) {
            long puts = random.nextLong();
            int sure = writeAndKill(puts, 1L << 30, random.nextInt(600));
            Random again = new Random(puts);
            for (int i = 0; i < sure; i++) {
                StoreMain.Put put = StoreMain.next(again);
                flushed.set(put.blob(), flushed.get(put.blob()).plus(put.groups()));
            }
            check(1L << 30, flushed, kill);
        }
    }

    @Test
    void reopen_afterKillsWhileEvicting_whatIsHeldIsRight() throws Exception {
        System.out.println("seed " + SEED);
        Random random = new Random(-SEED);
        for (int kill = 0; kill < KILLS / 4; kill++) {
            writeAndKill(random.nextLong(), 32 << 20, random.nextInt(600));
            check(32 << 20, List.of(), kill);
        }
    }

    /** Returns how many puts the process said were flushed. */
    private int writeAndKill(long seed, long maxBytes, long millis) throws Exception {
        int sure = 0;
        try (StoreJvm writer = StoreJvm.start(
                "write", temp.resolve("store").toString(), Long.toString(seed), Long.toString(maxBytes))) {
            assertThat(writer.line()).isEqualTo("ready");
            writer.await(millis);
            writer.kill();
            for (String line : writer.output()) {
                if (line.startsWith("flushed ")) {
                    sure = Integer.parseInt(line.substring(8));
                }
            }
        }
        return sure;
    }

    private void check(long maxBytes, List<GroupSet> flushed, int kill) throws IOException {
        DiskStoreSettings settings = DiskStoreSettings.defaults().withMaxBytes(maxBytes);
        try (DiskBlobStore store = DiskBlobStore.open(temp.resolve("store"), settings)) {
            for (int i = 0; i < StoreMain.SIZES.length; i++) {
                BlobId id = TestBytes.id(i);
                try (StoredBlob blob = store.open(id, StoreMain.SIZES[i])) {
                    GroupSet held = TestBytes.readAllHeld(blob, id);
                    GroupSet promised = flushed.isEmpty() ? GroupSet.empty() : flushed.get(i);
                    assertThat(promised.minus(held).runs())
                            .as("flushed and lost of blob %d, seed %d, kill %d", i, SEED, kill)
                            .isEmpty();
                }
            }
            assertThat(store.usedBytes()).isLessThanOrEqualTo(maxBytes);
        }
    }
}
