package io.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class MemoryBlobStoreTest extends BlobStoreContract {
    private static final int MIB = 1 << 20;
    private static final int GROUPS_PER_MIB = 64;

    @Override
    protected BlobStore create() {
        return new MemoryBlobStore(4 * MIB);
    }

    @Override
    protected long boundBytes() {
        return 4 * MIB;
    }

    @Test
    void open_manyBlobs_forgetsThoseOfWhichNothingIsLeft() throws IOException {
        MemoryBlobStore store = (MemoryBlobStore) store();
        for (int i = 0; i < 1000; i++) {
            try (StoredBlob blob =
                    store.open(BlobId.of(ByteBuffer.allocate(32).putInt(i).array()), MIB)) {
                blob.putGroups(0, ByteBuffer.allocate(MIB));
            }
        }
        assertThat(store.blobs()).isEqualTo(4);
    }

    @Test
    void putGroups_beyondTheBound_dropsTheLeastRecentlyUsed() throws IOException {
        try (StoredBlob blob = store().open(id(), 16L * MIB)) {
            for (int mib = 0; mib < 4; mib++) {
                blob.putGroups((long) mib * GROUPS_PER_MIB, ByteBuffer.allocate(MIB));
            }
            assertThat(blob.readGroups(new GroupRange(0, 1), ByteBuffer.allocate(16 * 1024)))
                    .isTrue();
            blob.putGroups(4 * GROUPS_PER_MIB, ByteBuffer.allocate(MIB));
            assertThat(blob.held().runs())
                    .containsExactly(
                            new GroupRange(0, GROUPS_PER_MIB), new GroupRange(2 * GROUPS_PER_MIB, 5 * GROUPS_PER_MIB));
        }
    }

    @Test
    void defaultBytes_smallHeap_leavesRoomForAllElse() {
        assertThat(MemoryBlobStore.defaultBytes(4L << 30)).isEqualTo(64L << 20);
        assertThat(MemoryBlobStore.defaultBytes(64L << 20)).isEqualTo(16L << 20);
        assertThat(MemoryBlobStore.defaultBytes(8L << 20)).isEqualTo(4L << 20);
    }

    @Test
    void constructor_tooSmall_isRefused() {
        assertThatThrownBy(() -> new MemoryBlobStore(MIB)).isInstanceOf(IllegalArgumentException.class);
    }
}
