package io.runnel.store;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real files: one client at a time has a store's folder. */
class StoreLockTest {
    private static final BlobId ID = TestBytes.id(1);
    private static final GroupRange TEN = new GroupRange(0, 10);
    private static final long SIZE = 10 * TestBytes.GROUP;

    @TempDir
    private Path temp;

    private Path folder;

    @BeforeEach
    void folder() {
        folder = temp.resolve("store");
    }

    /** Whoever removed it could let a second client in, and two would write the same files. */
    @Test
    void put_lockFileWasRemovedAndAnotherCameIn_leavesTheFolderToTheOther() throws IOException {
        DiskBlobStore store = DiskBlobStore.open(folder);
        StoredBlob blob = store.open(ID, SIZE);
        Files.delete(folder.resolve("lock"));
        try (FileChannel another = FileChannel.open(folder.resolve("lock"), CREATE_NEW, WRITE)) {
            assertThat(another.tryLock()).isNotNull();
            TestBytes.put(blob, ID, TEN);
            assertThat(TestBytes.reads(blob, ID, TEN)).as("from memory").isTrue();
            assertThatThrownBy(blob::flush).hasMessageContaining("lock");
            assertThat(StoreFolderTest.segments(folder)).isEmpty();
        }
        assertThatThrownBy(store::close).isInstanceOf(IOException.class);
    }

    @Test
    void open_linkInPlaceOfTheLock_isRefused() throws IOException {
        StoreFolderTest.fill(folder).close();
        Path victim = Files.writeString(temp.resolve("victim"), "dear");
        Files.delete(folder.resolve("lock"));
        Files.createSymbolicLink(folder.resolve("lock"), victim);
        assertThatThrownBy(() -> DiskBlobStore.open(folder)).hasMessageContaining("not a plain file");
        assertThat(victim).hasContent("dear");
    }

    @Test
    void open_pipeInPlaceOfTheLock_isRefused() throws Exception {
        StoreFolderTest.fill(folder).close();
        Files.delete(folder.resolve("lock"));
        assertThat(new ProcessBuilder("mkfifo", folder.resolve("lock").toString())
                        .start()
                        .waitFor())
                .isZero();
        assertThatThrownBy(() -> DiskBlobStore.open(folder)).hasMessageContaining("not a plain file");
    }

    @Test
    void open_whileThisProcessHasTheFolder_failsClearlyByAnyPath() throws IOException {
        try (DiskBlobStore store = StoreFolderTest.fill(folder)) {
            assertThat(store.usedBytes()).isPositive();
            Files.createSymbolicLink(temp.resolve("link"), temp);
            for (Path path : List.of(folder, temp.resolve("x/../store"), temp.resolve("link/store"))) {
                Files.createDirectories(temp.resolve("x"));
                assertThatThrownBy(() -> DiskBlobStore.open(path))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("in use");
            }
        }
        DiskBlobStore.open(folder).close();
    }

    @Test
    void open_whileAnotherProcessHasTheFolder_failsClearly() throws Exception {
        try (DiskBlobStore store = StoreFolderTest.fill(folder)) {
            assertThat(store.usedBytes()).isPositive();
            // A failed attempt of this process must not give the folder away.
            assertThatThrownBy(() -> DiskBlobStore.open(folder)).hasMessageContaining("in use");
            assertThat(StoreJvm.start("open", folder.toString()).output()).containsExactly("refused: in use");
        }
        assertThat(StoreJvm.start("open", folder.toString()).output()).containsExactly("opened");
    }

    @Test
    void close_twice_doesNotGiveAwayTheNextStoresFolder() throws IOException {
        DiskBlobStore first = StoreFolderTest.fill(folder);
        first.close();
        try (DiskBlobStore second = DiskBlobStore.open(folder)) {
            assertThat(second.usedBytes()).isPositive();
            first.close();
            assertThatThrownBy(() -> DiskBlobStore.open(folder)).hasMessageContaining("in use");
        }
    }
}
