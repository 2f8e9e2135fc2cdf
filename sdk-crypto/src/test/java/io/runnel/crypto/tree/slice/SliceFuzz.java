package io.runnel.crypto.tree.slice;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.AuthenticationException;
import io.runnel.crypto.BlobId;
import io.runnel.crypto.Mutations;
import io.runnel.crypto.tree.TreeHasher;
import io.runnel.crypto.tree.TreeShape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** A damaged slice is refused, or only its unproven part was damaged; no byte that is not the blob's ever comes out. */
class SliceFuzz {
    private static final int CASES = 10_000;
    private static final long SEED = 20261122;

    @Test
    void decode_foreignBytes_givesGenuineBytesOrRefuses() throws IOException {
        Mutations mutations = new Mutations(SEED);
        byte[] data = new byte[9000];
        mutations.random().nextBytes(data);
        TreeShape shape = new TreeShape(data.length, 0);
        byte[] outboard = new byte[(int) shape.outboardBytes()];
        TreeHasher hasher = new TreeHasher(shape, (offset, pair) -> pair.get(outboard, (int) offset, 64));
        hasher.update(ByteBuffer.wrap(data));
        BlobId id = hasher.finish();
        SliceEncoder encoder =
                new SliceEncoder(new TreeSource.Separate(shape, ByteSource.of(outboard), ByteSource.of(data)));
        for (int i = 0; i < CASES; i++) {
            long start = mutations.random().nextInt(data.length + 500);
            long length = mutations.random().nextInt(3000);
            ByteArrayOutputStream valid = new ByteArrayOutputStream();
            encoder.slice(start, length, valid);
            check(data, id, start, length, mutations.of(valid.toByteArray()), i);
        }
    }

    private static void check(byte[] data, BlobId id, long start, long length, byte[] foreign, int index)
            throws IOException {
        String label = "seed " + SEED + ", case " + index;
        try {
            long size =
                    SliceDecoder.decode(id, 0, start, length, new ByteArrayInputStream(foreign), (offset, bytes) -> {
                        ByteBuffer genuine = ByteBuffer.wrap(data, (int) offset, bytes.remaining());
                        assertThat(bytes).as(label).isEqualTo(genuine);
                    });
            if (start + length >= data.length || start >= data.length) {
                assertThat(size).as(label).isEqualTo(data.length);
            }
        } catch (AuthenticationException e) {
            // Refused, as it may be.
        }
    }
}
