package io.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskBlobStoreTest extends BlobStoreContract {
    @TempDir
    private Path temp;

    @Override
    protected BlobStore create() throws IOException {
        return DiskBlobStore.open(temp.resolve("store"));
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

    @Test
    void reopened_afterFlushWithoutClose_holdsWhatWasFlushed() throws IOException {
        Path copy = temp.resolve("copy");
        try (StoredBlob blob = store().open(id(), size())) {
            blob.putGroups(0, groups(0, 3));
            blob.flush();
            // What a killed process leaves behind: the files as they are now.
            Path home = Files.createDirectories(copy.resolve(id().toString()));
            try (var files = Files.list(temp.resolve("store").resolve(id().toString()))) {
                for (Path file : files.toList()) {
                    Files.copy(file, home.resolve(file.getFileName()));
                }
            }
        }
        try (BlobStore other = DiskBlobStore.open(copy);
                StoredBlob blob = other.open(id(), size())) {
            assertThat(read(blob, 0, 3)).isEqualTo(bytes(0, 3));
        }
    }

    @Test
    void open_damagedRecord_holdsNothing() throws IOException {
        try (StoredBlob blob = store().open(id(), size())) {
            blob.putGroups(0, groups(0, 3));
        }
        Path record = temp.resolve("store").resolve(id().toString()).resolve("record");
        byte[] bytes = Files.readAllBytes(record);
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 1;
            Files.write(record, damaged);
            try (StoredBlob blob = store().open(id(), size())) {
                assertThat(blob.held().isEmpty()).as("byte %d", i).isTrue();
            }
        }
    }

    @Test
    void open_whileAnotherHasTheFolder_failsClearly() {
        assertThatThrownBy(() -> DiskBlobStore.open(temp.resolve("store")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("in use");
    }

    @Test
    void open_newFolder_isForItsOwnerOnly() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("store"))))
                .isEqualTo("rwx------");
    }

    @Test
    void putGroups_sparse_filesHoldOnlyCiphertextHandedIn() throws IOException {
        try (StoredBlob blob = store().open(id(), size())) {
            blob.putGroups(1, groups(1, 2));
        }
        byte[] data = Files.readAllBytes(
                temp.resolve("store").resolve(id().toString()).resolve("data"));
        byte[] expected = new byte[2 * 16 * 1024];
        System.arraycopy(bytes(1, 2), 0, expected, 16 * 1024, 16 * 1024);
        assertThat(data).isEqualTo(expected);
    }
}
