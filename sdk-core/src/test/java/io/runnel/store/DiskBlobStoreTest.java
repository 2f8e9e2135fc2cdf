package io.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskBlobStoreTest extends BlobStoreContract {
    private static final long BOUND = 32 << 20;

    @TempDir
    private Path temp;

    @Override
    protected BlobStore create() throws IOException {
        return DiskBlobStore.open(
                temp.resolve("store"), DiskStoreSettings.defaults().withMaxBytes(BOUND));
    }

    @Override
    protected long boundBytes() {
        return BOUND;
    }

    @Test
    void reopened_afterClose_holdsTheSame() throws IOException {
        try (StoredBlob blob = store().open(id(), size())) {
            blob.putGroups(2, groups(2, 5));
            blob.putTree(64, ByteBuffer.wrap(new byte[64]));
        }
        recreate();
        try (StoredBlob blob = store().open(id(), size())) {
            assertThat(blob.held()).isEqualTo(GroupSet.of(new GroupRange(2, 5)));
            assertThat(read(blob, 2, 5)).isEqualTo(bytes(2, 5));
            assertThat(blob.readTree(64, ByteBuffer.allocate(64))).isTrue();
            assertThat(blob.readTree(0, ByteBuffer.allocate(64))).isFalse();
        }
    }
}
