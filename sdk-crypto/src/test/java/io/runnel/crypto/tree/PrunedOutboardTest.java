package io.runnel.crypto.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** No vectors are published for groups of 16 chunks; but the outboard is Bao's without the parents below the groups. */
class PrunedOutboardTest {
    @Test
    void outboard_of16KiBGroups_isThatOfChunksPruned() throws IOException {
        Random random = new Random(20261122);
        for (int i = 0; i < 80; i++) {
            byte[] data = new byte[i < 40 ? i * 4096 + i % 3 : random.nextInt(900_000)];
            random.nextBytes(data);
            byte[] full = new byte[(int) new TreeShape(data.length, 0).outboardBytes()];
            byte[] grouped = new byte[(int) TreeShape.ofBlob(data.length).outboardBytes()];
            assertThat(TreeHasherTest.hashed(data, 4, grouped)).isEqualTo(TreeHasherTest.hashed(data, 0, full));
            ByteArrayOutputStream pruned = new ByteArrayOutputStream();
            prune(full, 0, new TreeShape(data.length, 0).groups(), pruned);
            assertThat(grouped).as("size %d", data.length).isEqualTo(pruned.toByteArray());
        }
    }

    /** Copies the nodes over more than 16 chunks; returns the offset behind the subtree. */
    private static int prune(byte[] full, int at, long chunks, ByteArrayOutputStream out) {
        if (chunks == 1) {
            return at;
        }
        if (chunks > 16) {
            out.write(full, at, 64);
        }
        long left = Long.highestOneBit(chunks - 1);
        return prune(full, prune(full, at + 64, left, out), chunks - left, out);
    }
}
