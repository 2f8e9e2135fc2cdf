package io.runnel.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import io.runnel.store.MemoryBlobStore;
import io.runnel.store.StoredBlob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CorruptingStoreTest {
    private static final int SIZE = 40_000;
    private static final GroupRange ALL = new GroupRange(0, 3);

    @Test
    void readGroups_onceItLies_hasOneWrongByteAndKeepsTheTruth() throws IOException {
        byte[] truth = new byte[SIZE];
        Arrays.fill(truth, (byte) 7);
        MemoryBlobStore kept = new MemoryBlobStore(4 << 20);
        BlobId id = BlobId.of(new byte[32]);
        try (CorruptingStore store = new CorruptingStore(kept);
                StoredBlob blob = store.open(id, SIZE)) {
            blob.putGroups(0, ByteBuffer.wrap(truth));
            assertThat(read(blob)).isEqualTo(truth);
            store.lie();
            assertThat(Arrays.mismatch(read(blob), truth)).isBetween(0, SIZE - 1);
            try (StoredBlob underneath = kept.open(id, SIZE)) {
                assertThat(read(underneath)).isEqualTo(truth);
            }
        }
    }

    private static byte[] read(StoredBlob blob) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(SIZE);
        assertThat(blob.readGroups(ALL, target)).isTrue();
        return target.array();
    }
}
