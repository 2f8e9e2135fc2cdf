package io.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real files: names, rights, links, descriptors. */
class StoreFolderTest {
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

    /** A store with ten groups of one blob. */
    static DiskBlobStore fill(Path folder) throws IOException {
        DiskBlobStore store = DiskBlobStore.open(folder);
        try (StoredBlob blob = store.open(ID, SIZE)) {
            TestBytes.put(blob, ID, TEN);
            blob.flush();
        }
        return store;
    }

    static List<Path> segments(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.endsWith("lock")).toList();
        }
    }

    private static String rights(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void open_newFolder_itAndItsFilesAreForTheirOwnerOnly() throws IOException {
        fill(folder).close();
        assertThat(rights(folder)).isEqualTo("rwx------");
        assertThat(rights(folder.resolve("lock"))).isEqualTo("rw-------");
        assertThat(rights(segments(folder).get(0))).isEqualTo("rw-------");
    }

    @Test
    void open_folderWithWiderRights_isClosedToOthers() throws IOException {
        Files.createDirectory(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        fill(folder).close();
        assertThat(rights(folder)).isEqualTo("rwx------");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        fill(folder).close();
        assertThat(rights(folder)).isEqualTo("rwx------");
    }

    @Test
    void open_folderWithOtherFiles_isRefusedAndLeftAsItWas() throws IOException {
        Files.createDirectory(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(folder.resolve("letter.txt"), "dear");
        assertThatThrownBy(() -> DiskBlobStore.open(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("choose an empty one");
        assertThat(rights(folder)).isEqualTo("rwxr-xr-x");
        assertThat(folder.resolve("lock")).doesNotExist();
    }

    @Test
    void open_folderWithOtherFilesAndOneNamedLock_isRefusedAndLeftAsItWas() throws IOException {
        Files.createDirectory(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createFile(folder.resolve("lock"));
        Files.writeString(folder.resolve("photos.db"), "dear");
        assertThatThrownBy(() -> DiskBlobStore.open(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("choose an empty one");
        assertThat(rights(folder)).isEqualTo("rwxr-xr-x");
    }

    @Test
    void open_aFile_isRefused() throws IOException {
        Files.writeString(folder, "dear");
        assertThatThrownBy(() -> DiskBlobStore.open(folder)).hasMessageContaining("is not a folder");
    }

    @Test
    void open_linkToAFolder_isRefused() throws IOException {
        Path real = Files.createDirectory(temp.resolve("real"));
        Files.createSymbolicLink(folder, real);
        assertThatThrownBy(() -> DiskBlobStore.open(folder)).hasMessageContaining("symbolic link");
        assertThat(segments(real)).isEmpty();
    }

    @Test
    void open_danglingLink_isRefused() throws IOException {
        Files.createSymbolicLink(folder, temp.resolve("nowhere"));
        assertThatThrownBy(() -> DiskBlobStore.open(folder)).hasMessageContaining("symbolic link");
        assertThat(temp.resolve("nowhere")).doesNotExist();
    }

    @Test
    void put_folderWasReplacedByALink_neverWritesThroughIt() throws IOException {
        Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
        try (DiskBlobStore store = DiskBlobStore.open(folder);
                StoredBlob blob = store.open(ID, SIZE)) {
            Files.move(folder, temp.resolve("moved"));
            Files.createSymbolicLink(folder, elsewhere);
            TestBytes.put(blob, ID, TEN);
            assertThat(TestBytes.reads(blob, ID, TEN)).as("from memory").isTrue();
            assertThatThrownBy(blob::flush).isInstanceOf(IOException.class);
            assertThat(segments(elsewhere)).isEmpty();
        } catch (IOException inMemoryOnly) {
            assertThat(segments(elsewhere)).isEmpty();
        }
    }

    @Test
    void open_linkInPlaceOfASegment_isRefused() throws IOException {
        fill(folder).close();
        Path segment = segments(folder).get(0);
        Path elsewhere = Files.move(segment, temp.resolve("elsewhere"));
        Files.createSymbolicLink(segment, elsewhere);
        assertThatThrownBy(() -> DiskBlobStore.open(folder)).hasMessageContaining("is not a plain file");
        Files.delete(segment);
        DiskBlobStore.open(folder).close();
    }

    @Test
    void read_linkPutInPlaceOfASegmentWhileOpen_isNotFollowed() throws IOException {
        fill(folder).close();
        Path segment = segments(folder).get(0);
        // The file is opened when it is first read, after the link is there.
        try (StoreFolder files = StoreFolder.take(folder)) {
            StoreFile file = files.open(files.names().get(0));
            Files.createSymbolicLink(segment, Files.move(segment, temp.resolve("elsewhere")));
            assertThatThrownBy(file::size).isInstanceOf(IOException.class);
        }
    }

    @Test
    void names_ofFiles_deriveFromBlobIdsOnly() throws IOException {
        fill(folder).close();
        assertThat(segments(folder))
                .hasSize(1)
                .allSatisfy(file -> assertThat(file.getFileName().toString()).isEqualTo(ID + "-0000000000000000"));
    }

    @Test
    void names_ofFiles_areInTheOrderOfTheirUse() throws IOException {
        try (StoreFolder files = StoreFolder.take(folder)) {
            List<SegmentName> names = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                names.add(new SegmentName(TestBytes.id(i), i));
                files.create(names.get(i)).close();
                Path file = folder.resolve(names.get(i).toString());
                Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000L - i / 2));
            }
            assertThat(files.names()).containsExactly(names.get(2), names.get(3), names.get(0), names.get(1));
            files.open(names.get(2)).touch();
            assertThat(files.names()).containsExactly(names.get(3), names.get(0), names.get(1), names.get(2));
        }
    }

    @Test
    void open_foreignFilesInAStore_areLeftAlone() throws IOException {
        fill(folder).close();
        Path note = Files.writeString(folder.resolve("note"), "dear");
        try (DiskBlobStore store = DiskBlobStore.open(folder);
                StoredBlob blob = store.open(ID, SIZE)) {
            assertThat(blob.held()).isEqualTo(GroupSet.all(10));
        }
        assertThat(note).hasContent("dear");
    }

    /** So a folder is left where who deleted it was ended midway. */
    @Test
    void open_onlySegmentsAreLeft_holdsThem() throws IOException {
        fill(folder).close();
        Files.delete(folder.resolve("lock"));
        try (DiskBlobStore store = DiskBlobStore.open(folder);
                StoredBlob blob = store.open(ID, SIZE)) {
            assertThat(TestBytes.readAllHeld(blob, ID)).isEqualTo(GroupSet.all(10));
        }
    }

    @Test
    void open_fileWithANumberTheStoreNeverWrites_isLeftAlone() throws IOException {
        fill(folder).close();
        Path high = folder.resolve(ID + "-7fffffffffffffff");
        Files.copy(segments(folder).get(0), high);
        for (int i = 0; i < 2; i++) {
            try (DiskBlobStore store = DiskBlobStore.open(folder);
                    StoredBlob blob = store.open(TestBytes.id(5 + i), SIZE)) {
                assertThat(blob.held()).isEqualTo(GroupSet.empty());
                TestBytes.put(blob, TestBytes.id(5 + i), TEN);
                blob.flush();
            }
        }
        try (DiskBlobStore store = DiskBlobStore.open(folder);
                StoredBlob blob = store.open(TestBytes.id(5), SIZE)) {
            assertThat(TestBytes.readAllHeld(blob, TestBytes.id(5))).isEqualTo(GroupSet.all(10));
        }
        assertThat(high).exists();
    }

    @Test
    void open_lengthenedFile_holdsTheSameAndCountsWhatItTakes() throws IOException {
        fill(folder).close();
        lengthen(SIZE + Segment.HEADER_BYTES + 12_345);
        BlobId other = TestBytes.id(2);
        try (DiskBlobStore store = DiskBlobStore.open(folder);
                StoredBlob blob = store.open(ID, SIZE);
                StoredBlob another = store.open(other, SIZE)) {
            assertThat(store.usedBytes()).isEqualTo(SIZE + Segment.HEADER_BYTES + 12_345);
            TestBytes.put(another, other, TEN);
            assertThat(TestBytes.readAllHeld(blob, ID)).isEqualTo(GroupSet.all(10));
        }
        try (DiskBlobStore store = DiskBlobStore.open(folder);
                StoredBlob another = store.open(other, SIZE)) {
            assertThat(TestBytes.readAllHeld(another, other)).isEqualTo(GroupSet.all(10));
        }
    }

    @Test
    void open_fileLengthenedBeyondWhatAnyIs_isDroppedAndTheBoundHolds() throws IOException {
        fill(folder).close();
        lengthen(1L << 40);
        try (DiskBlobStore store = fill(folder);
                StoredBlob blob = store.open(ID, SIZE)) {
            assertThat(store.usedBytes()).isEqualTo(SIZE + Segment.HEADER_BYTES);
            assertThat(TestBytes.readAllHeld(blob, ID)).isEqualTo(GroupSet.all(10));
        }
    }

    private void lengthen(long bytes) throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(segments(folder).get(0).toFile(), "rw")) {
            assertThat(file.length()).isLessThan(bytes);
            file.setLength(bytes);
        }
    }

    @Test
    void put_fileHasTheHighestNumberThereIs_isKeptInMemoryAndNoFileIsMade() throws IOException {
        DiskStoreSettings smallest = DiskStoreSettings.defaults().withMaxBytes(32 << 20);
        fill(folder).close();
        Files.move(segments(folder).get(0), folder.resolve(new SegmentName(ID, SegmentName.LARGEST).toString()));
        BlobId other = TestBytes.id(2);
        try (DiskBlobStore store = DiskBlobStore.open(folder, smallest);
                StoredBlob first = store.open(ID, SIZE);
                StoredBlob blob = store.open(other, 4 * TestBytes.MIB)) {
            TestBytes.put(blob, other, new GroupRange(0, 256));
            assertThat(TestBytes.readAllHeld(first, ID)).isEqualTo(GroupSet.all(10));
            assertThat(TestBytes.readAllHeld(blob, other)).isEqualTo(GroupSet.all(256));
            assertThat(segments(folder)).hasSize(1);
        } catch (IOException inMemoryOnly) {
            assertThat(inMemoryOnly).hasMessageContaining("in memory only");
        }
    }

    @Test
    void open_folderOfAnotherUser_isRefusedAndLeftAsItWas() throws IOException {
        fill(folder).close();
        assumeTrue("root".equals(System.getProperty("user.name")), "only root gives files away");
        Files.setAttribute(folder, "unix:uid", 12_345);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThatThrownBy(() -> DiskBlobStore.open(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("12345", "root");
        assertThat(rights(folder)).isEqualTo("rwxr-xr-x");
    }

    @Test
    void use_ofMoreFilesThanDescriptors_opensThemAgain() throws IOException {
        DiskStoreSettings settings = DiskStoreSettings.defaults().withMaxBytes(512 << 20);
        try (StoreFolder files = StoreFolder.take(folder)) {
            for (int i = 0; i < 200; i++) {
                StoreFile file = files.create(new SegmentName(TestBytes.id(i), i));
                file.write(0, TestBytes.parents(TestBytes.id(i), new GroupRange(0, 1)));
            }
            for (SegmentName name : files.names()) {
                StoreFile file = files.open(name);
                assertThat(file.size()).isEqualTo(64);
            }
            assertThat(descriptors(folder)).isLessThan(70);
        }
        try (DiskBlobStore store = DiskBlobStore.open(folder, settings)) {
            assertThat(segments(folder)).as("files without a record").isEmpty();
            assertThat(store.usedBytes()).isZero();
        }
        assertThat(descriptors(folder)).isZero();
    }

    /** How many of this process's descriptors are of files in the folder; 0 where the system does not tell. */
    private static long descriptors(Path folder) throws IOException {
        Path own = Path.of("/proc/self/fd");
        if (!Files.isDirectory(own)) {
            return 0;
        }
        long count = 0;
        try (Stream<Path> all = Files.list(own)) {
            for (Path descriptor : all.toList()) {
                try {
                    count += Files.readSymbolicLink(descriptor).startsWith(folder) ? 1 : 0;
                } catch (IOException gone) {
                    // The descriptor of the listing itself.
                }
            }
        }
        return count;
    }
}
