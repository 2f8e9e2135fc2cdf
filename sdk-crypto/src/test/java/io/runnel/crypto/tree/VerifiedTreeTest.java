package io.runnel.crypto.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.crypto.AuthenticationException;
import io.runnel.crypto.BlobId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With group log 0 a window is 1 MiB, which keeps blobs of several windows small. */
class VerifiedTreeTest {
    private static final int WINDOW_BYTES = VerifiedTree.WINDOW_GROUPS * 1024;

    private final Random random = new Random(20261122);
    private byte[] data = {};
    private byte[] outboard = {};
    private TreeShape shape = new TreeShape(0, 0);
    private BlobId id = BlobId.of(new byte[32]);

    private VerifiedTree tree(int size) throws IOException {
        data = new byte[size];
        random.nextBytes(data);
        shape = new TreeShape(size, 0);
        outboard = new byte[(int) shape.outboardBytes()];
        id = TreeHasherTest.hashed(data, 0, outboard);
        return new VerifiedTree(id, shape);
    }

    private List<ByteBuffer> bytesOf(List<Stretch> stretches) {
        List<ByteBuffer> out = new ArrayList<>();
        for (Stretch stretch : stretches) {
            out.add(ByteBuffer.wrap(outboard, (int) stretch.offset(), stretch.length()));
        }
        return out;
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                1,
                1024,
                1025,
                5000,
                WINDOW_BYTES - 1,
                WINDOW_BYTES,
                WINDOW_BYTES + 1,
                3 * WINDOW_BYTES + 5,
                5 * WINDOW_BYTES - 17
            })
    void prove_everyWindowInAnyOrder_givesTheGroupHashes(int size) throws Exception {
        VerifiedTree tree = tree(size);
        NaiveTree naive = new NaiveTree(data, 0);
        List<Long> order = new ArrayList<>();
        for (long window = 0; window < tree.windows(); window++) {
            order.add(random.nextInt(order.size() + 1), window);
        }
        long fetched = 0;
        for (long window : order) {
            List<Stretch> missing = tree.missing(window);
            fetched += missing.stream().mapToInt(Stretch::length).sum();
            tree.prove(window, bytesOf(missing));
            assertThat(tree.proven(window)).isTrue();
            assertThat(tree.missing(window)).isEmpty();
        }
        assertThat(fetched).isEqualTo(shape.outboardBytes());
        for (int group = 0; group < shape.groups(); group += 1 + random.nextInt(50)) {
            assertThat(tree.hashes(group, 1)).isEqualTo(naive.group(group));
        }
        byte[] all = tree.hashes(0, (int) shape.groups());
        assertThat(GroupVerifier.firstBad(shape, 0, ByteBuffer.wrap(data), all)).isEqualTo(-1);
    }

    @Test
    void missing_firstWindow_isOneStretch() throws IOException {
        assertThat(tree(3 * WINDOW_BYTES + 5).missing(0)).hasSize(1);
    }

    @Test
    void prove_anyByteFlipped_isRefusedAndChangesNothing() throws Exception {
        VerifiedTree tree = tree(WINDOW_BYTES + 20 * 1024 + 1);
        List<Stretch> missing = tree.missing(1);
        for (Stretch stretch : missing) {
            for (int i = 0; i < stretch.length(); i++) {
                byte mask = (byte) (1 << random.nextInt(8));
                outboard[(int) stretch.offset() + i] ^= mask;
                assertThatThrownBy(() -> tree.prove(1, bytesOf(missing))).isInstanceOf(AuthenticationException.class);
                assertThat(tree.missing(1)).isEqualTo(missing);
                outboard[(int) stretch.offset() + i] ^= mask;
            }
        }
        tree.prove(1, bytesOf(missing));
        assertThat(tree.proven(1)).isTrue();
    }

    @Test
    void prove_otherLengths_isRefused() throws IOException {
        VerifiedTree tree = tree(9000);
        assertThatThrownBy(() -> tree.prove(0, List.of())).isInstanceOf(AuthenticationException.class);
        ByteBuffer shorter = ByteBuffer.wrap(outboard, 0, outboard.length - 64);
        assertThatThrownBy(() -> tree.prove(0, List.of(shorter))).isInstanceOf(AuthenticationException.class);
    }

    @Test
    void hashes_notProvenOrForgotten_isRefused() throws Exception {
        VerifiedTree tree = tree(2 * WINDOW_BYTES);
        assertThatThrownBy(() -> tree.hashes(0, 1)).isInstanceOf(IllegalStateException.class);
        tree.prove(0, bytesOf(tree.missing(0)));
        tree.prove(1, bytesOf(tree.missing(1)));
        assertThat(tree.hashes(VerifiedTree.WINDOW_GROUPS - 1, 2)).hasSize(64);
        tree.forget(0);
        assertThat(tree.proven(0)).isFalse();
        assertThatThrownBy(() -> tree.hashes(VerifiedTree.WINDOW_GROUPS - 1, 2))
                .isInstanceOf(IllegalStateException.class);
        assertThat(tree.missing(0).get(0).length()).isEqualTo((VerifiedTree.WINDOW_GROUPS - 1) * 64);
    }

    @Test
    void firstBad_anyFlippedByte_namesItsGroup() throws Exception {
        VerifiedTree tree = tree(10 * 1024 + 3);
        tree.prove(0, bytesOf(tree.missing(0)));
        byte[] hashes = tree.hashes(3, 8);
        ByteBuffer direct = ByteBuffer.allocateDirect(data.length - 3 * 1024);
        direct.put(data, 3 * 1024, direct.capacity()).flip();
        assertThat(GroupVerifier.firstBad(shape, 3, direct, hashes)).isEqualTo(-1);
        for (int i = 0; i < direct.capacity(); i++) {
            direct.put(i, (byte) (direct.get(i) ^ 0x40));
            assertThat(GroupVerifier.firstBad(shape, 3, direct, hashes)).isEqualTo(i / 1024);
            direct.put(i, (byte) (direct.get(i) ^ 0x40));
        }
        assertThat(direct.position()).isZero();
    }

    @Test
    void firstBad_noWholeGroups_isRefused() throws Exception {
        tree(40 * 1024 + 3);
        assertThatThrownBy(() -> GroupVerifier.firstBad(shape, 0, ByteBuffer.allocate(1000), new byte[32]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> GroupVerifier.firstBad(shape, 0, ByteBuffer.allocate(0), new byte[32]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> GroupVerifier.firstBad(shape, 41, ByteBuffer.allocate(3), new byte[32]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
