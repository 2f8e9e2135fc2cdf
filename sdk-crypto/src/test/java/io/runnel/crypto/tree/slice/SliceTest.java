package io.runnel.crypto.tree.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.crypto.AuthenticationException;
import io.runnel.crypto.BlobId;
import io.runnel.crypto.tree.TreeHasher;
import io.runnel.crypto.tree.TreeShape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slices and group proofs of blobs, with groups of 16 KiB and of one chunk. */
class SliceTest {
    private final Random random = new Random(20261122);
    private byte[] data = {};
    private byte[] outboard = {};
    private TreeShape shape = new TreeShape(0, 0);
    private BlobId id = BlobId.of(new byte[32]);

    private void blob(int size, int groupLog) throws IOException {
        data = new byte[size];
        random.nextBytes(data);
        shape = new TreeShape(size, groupLog);
        outboard = new byte[(int) shape.outboardBytes()];
        TreeHasher hasher = new TreeHasher(shape, (offset, pair) -> pair.get(outboard, (int) offset, 64));
        hasher.update(ByteBuffer.wrap(data));
        id = hasher.finish();
    }

    private SliceEncoder encoder() {
        return new SliceEncoder(new TreeSource.Separate(shape, ByteSource.of(outboard), ByteSource.of(data)));
    }

    private byte[] slice(long start, long length) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        encoder().slice(start, length, out);
        return out.toByteArray();
    }

    private byte[] decoded(byte[] slice, long start, long length) throws AuthenticationException, IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SliceDecoder.decode(id, shape.groupLog(), start, length, new ByteArrayInputStream(slice), (offset, bytes) -> {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            out.writeBytes(copy);
        });
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void decode_randomRanges_givesTheirBytes(int groupLog) throws Exception {
        for (int size : new int[] {0, 1, 1024, 16384, 16385, 70_000, 300_001}) {
            blob(size, groupLog);
            for (int i = 0; i < 30; i++) {
                int start = random.nextInt(size + 1);
                int length = random.nextInt(size - start + 2000);
                int end = (int) Math.min(size, start + (long) Math.max(1, length));
                byte[] expected = Arrays.copyOfRange(data, start, Math.max(start, end));
                assertThat(decoded(slice(start, length), start, length)).isEqualTo(expected);
            }
        }
    }

    /** Every byte with small groups; with large ones every byte of the nodes and some of the group. */
    private static int step(int at, int groupLog) {
        return groupLog == 0 || at < 400 ? 1 : 61;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void decode_anyByteFlippedOrCut_isRefused(int groupLog) throws Exception {
        blob(70_000, groupLog);
        byte[] slice = slice(20_000, 10);
        for (int i = 0; i < slice.length; i += step(i, groupLog)) {
            byte[] damaged = slice.clone();
            damaged[i] ^= (byte) (1 << random.nextInt(8));
            // The length is not proven unless the range reaches the end, but then it must not move the range.
            if (i < 8 && accepted(damaged, 20_000, 10)) {
                assertThat(decoded(damaged, 20_000, 10)).isEqualTo(Arrays.copyOfRange(data, 20_000, 20_010));
            } else {
                assertThat(accepted(damaged, 20_000, 10)).as("byte %d", i).isFalse();
            }
        }
        for (int length = 0; length < slice.length; length += 97) {
            assertThat(accepted(Arrays.copyOf(slice, length), 20_000, 10)).isFalse();
        }
    }

    private boolean accepted(byte[] slice, long start, long length) throws IOException {
        try {
            decoded(slice, start, length);
            return true;
        } catch (AuthenticationException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void sizeProof_anyByteFlipped_isRefused(int groupLog) throws Exception {
        for (int size : new int[] {0, 1, 1025, 16384, 16385, 40_000}) {
            blob(size, groupLog);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            encoder().sizeProof(out);
            byte[] proof = out.toByteArray();
            assertThat(SliceDecoder.sizeProof(id, groupLog, new ByteArrayInputStream(proof)))
                    .isEqualTo(size);
            for (int i = 0; i < proof.length; i += step(i, groupLog)) {
                byte[] damaged = proof.clone();
                damaged[i] ^= (byte) (1 << random.nextInt(8));
                assertThatThrownBy(() -> SliceDecoder.sizeProof(id, groupLog, new ByteArrayInputStream(damaged)))
                        .isInstanceOf(AuthenticationException.class);
            }
        }
    }

    @Test
    void sizeProof_parentsShownAsLeaves_isRefused() throws Exception {
        blob(2048, 0);
        byte[] forged = ByteBuffer.allocate(8 + 64)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .putLong(64)
                .put(outboard)
                .array();
        assertThatThrownBy(() -> SliceDecoder.sizeProof(id, 0, new ByteArrayInputStream(forged)))
                .isInstanceOf(AuthenticationException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void groupProof_everyGroup_verifies(int groupLog) throws Exception {
        for (int size : new int[] {0, 1, 16384, 100_000}) {
            blob(size, groupLog);
            for (long group = 0; group < shape.groups(); group++) {
                byte[] path = GroupProof.path(shape, group, ByteSource.of(outboard));
                GroupProof.verify(id, shape, group, group(group), path);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void groupProof_anyByteFlippedOrOtherPlace_isRefused(int groupLog) throws Exception {
        blob(50_000, groupLog);
        byte[] path = GroupProof.path(shape, 2, ByteSource.of(outboard));
        for (int i = 0; i < path.length; i++) {
            byte[] damaged = path.clone();
            damaged[i] ^= 4;
            assertRefused(2, group(2), damaged);
        }
        byte[] bytes = new byte[shape.groupBytes()];
        group(2).get(bytes);
        for (int i = 0; i < bytes.length; i += step(i, groupLog)) {
            bytes[i] ^= 4;
            assertRefused(2, ByteBuffer.wrap(bytes), path);
            bytes[i] ^= 4;
        }
        assertRefused(1, ByteBuffer.wrap(bytes), path);
        assertRefused(2, ByteBuffer.wrap(bytes, 0, bytes.length - 1), path);
        assertRefused(2, ByteBuffer.wrap(bytes), Arrays.copyOf(path, 64));
    }

    private void assertRefused(long group, ByteBuffer bytes, byte[] path) {
        assertThatThrownBy(() -> GroupProof.verify(id, shape, group, bytes, path))
                .isInstanceOf(AuthenticationException.class);
    }

    private ByteBuffer group(long group) {
        return ByteBuffer.wrap(data, (int) group * shape.groupBytes(), shape.groupSize(group));
    }
}
