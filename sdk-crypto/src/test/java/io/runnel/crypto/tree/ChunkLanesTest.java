package io.runnel.crypto.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkLanesTest {
    private final Random random = new Random(20261122);

    /** Enough calls that the compiled code is what is checked, with every number of chunks and odd offsets. */
    @Test
    void subtrees_manyRandomCalls_equalOneBlockAtATime() {
        ChunkLanes lanes = new ChunkLanes();
        ScalarHasher scalar = new ScalarHasher();
        int[] actual = new int[ChunkLanes.MAX_CHUNKS * 8];
        int[] expected = new int[ChunkLanes.MAX_CHUNKS * 8];
        byte[] in = new byte[ChunkLanes.MAX_CHUNKS * 1024 + 64];
        random.nextBytes(in);
        for (int round = 0; round < 1500; round++) {
            in[random.nextInt(in.length)]++;
            int log = random.nextInt(6);
            int subtrees = 1 + random.nextInt((round % 8 == 0 ? ChunkLanes.MAX_CHUNKS : 64) >> log);
            long firstChunk = ((random.nextLong() >>> 12) >> log) << log;
            int off = random.nextInt(64);
            lanes.subtrees(in, off, subtrees << log, firstChunk, log, actual, 0);
            int size = 1024 << log;
            for (int i = 0; i < subtrees; i++) {
                long chunk = firstChunk + ((long) i << log);
                scalar.subtree(in, off + i * size, size, chunk, false, expected, i * 8);
            }
            for (int i = 0; i < subtrees * 8; i++) {
                assertThat(actual[i])
                        .as("round %d, log %d, word %d", round, log, i)
                        .isEqualTo(expected[i]);
            }
        }
    }

    @Test
    void groupHasher_lanesOrScalar_agree() {
        byte[] in = new byte[1_100_000];
        random.nextBytes(in);
        TreeShape shape = TreeShape.ofBlob(in.length);
        int[] one = new int[(int) shape.groups() * 8];
        int[] other = new int[one.length];
        int count = new GroupHasher(shape, decided(true)).hash(0, in, 0, in.length, one);
        assertThat(count).isEqualTo(shape.groups());
        new GroupHasher(shape, decided(false)).hash(0, in, 0, in.length, other);
        assertThat(one).isEqualTo(other);
    }

    @Test
    void trial_whicheverIsFaster_wins() {
        assertThat(decided(true).lanesNext()).isTrue();
        LaneTrial slow = decided(false);
        assertThat(slow.decided()).isTrue();
        assertThat(slow.lanesNext()).isFalse();
    }

    private static LaneTrial decided(boolean lanesFaster) {
        LaneTrial trial = new LaneTrial();
        while (!trial.decided()) {
            boolean lanes = trial.lanesNext();
            trial.took(lanes, lanes == lanesFaster ? 1000 : 2000, 1000);
        }
        return trial;
    }
}
