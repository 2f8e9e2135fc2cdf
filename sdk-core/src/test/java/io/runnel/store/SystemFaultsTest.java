package io.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.Needs;
import io.runnel.crypto.BlobId;
import io.runnel.source.GroupSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same faults as in {@link DiskFaultsTest}, by the system itself: calls that strace lets fail, and a file system of 1
 * MiB. Skipped where the machine has no strace or no user namespaces, save where the environment says {@code CI}.
 */
class SystemFaultsTest {
    private static final BlobId ID = TestBytes.id(4);
    private static final long SIZE = StoreMain.SIZES[4];

    /** What one segment holds in a store of 32 MiB. */
    private static final long SEGMENT_BYTES = 1 << 20;

    @TempDir
    private Path temp;

    /** Lets a process fill a store while some calls fail; returns what it said. */
    private List<String> fillWith(String injected) throws Exception {
        Needs.that(Needs.works("strace", "-f", "-o", "/dev/null", "true"), "strace");
        List<String> strace = List.of("strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "-e", "inject=" + injected);
        try (StoreJvm jvm = StoreJvm.startUnder(strace, "fill", folder().toString())) {
            List<String> said = jvm.output();
            assertThat(said).contains("ready").noneMatch(line -> line.endsWith("false"));
            return said;
        }
    }

    private Path folder() {
        return temp.resolve("store");
    }

    /** What is held now is right, and has what the process was sure of. */
    private GroupSet reopened(List<String> said) throws IOException {
        try (DiskBlobStore store = DiskBlobStore.open(folder());
                StoredBlob blob = store.open(ID, SIZE)) {
            GroupSet held = TestBytes.readAllHeld(blob, ID);
            long sure = said.stream()
                    .filter(line -> line.startsWith("flushed "))
                    .mapToLong(line -> Long.parseLong(line.substring(8)))
                    .max()
                    .orElse(0);
            assertThat(held.runEnd(0)).isGreaterThanOrEqualTo(sure);
            return held;
        }
    }

    private static List<String> puts(List<String> said) {
        return said.stream().filter(line -> line.startsWith("put ")).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fdatasync:error=EIO:when=1",
                "fdatasync:error=EIO:when=4+3",
                "fdatasync:error=EIO",
                "fsync:error=EIO",
                "pwrite64:error=ENOSPC:when=30..200",
                "pwrite64:error=ENOSPC:when=20+7",
                "pwrite64:error=EIO"
            })
    void fill_callsFail_nothingIsLostNorClaimedThatIsNotThere(String injected) throws Exception {
        List<String> said = fillWith(injected);
        assertThat(puts(said)).hasSize(8);
        if (!injected.contains("when")) {
            assertThat(said).noneMatch(line -> line.startsWith("flushed"));
        }
        reopened(said);
        try (Stream<Path> files = Files.list(folder())) {
            // All of the blob, where the disk was good again in time: the lock and one segment given up come on top.
            long segments = (SIZE + SEGMENT_BYTES - 1) / SEGMENT_BYTES;
            assertThat(files.count()).as("files left").isLessThanOrEqualTo(segments + 2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7, 12})
    void fill_killedInAForce_nothingIsClaimedThatIsNotThere(int call) throws Exception {
        List<String> said = fillWith("fdatasync:signal=SIGKILL:when=" + call);
        assertThat(puts(said)).hasSizeLessThan(8);
        reopened(said);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 50, 333})
    void fill_killedInAWrite_nothingIsClaimedThatIsNotThere(int call) throws Exception {
        List<String> said = fillWith("pwrite64:signal=SIGKILL:when=" + call);
        reopened(said);
    }

    @Test
    void fill_renamesFail_doesNotMatter() throws Exception {
        List<String> said = fillWith("rename,renameat,renameat2:error=EIO");
        assertThat(reopened(said)).isEqualTo(GroupSet.all(Units.groups(SIZE).count()));
    }

    @ParameterizedTest
    @CsvSource({
        "'', getdents64:error=EIO:when=1",
        "'', getdents64:error=EIO:when=3",
        "'', %%stat:error=EIO",
        "lock, %%stat:error=EIO"
    })
    void open_folderCannotBeLookedAt_saysTheSystemsError(String file, String injected) throws Exception {
        Needs.that(Needs.works("strace", "-f", "-o", "/dev/null", "true"), "strace");
        StoreFolderTest.fill(folder()).close();
        List<String> strace = List.of(
                "strace", "-f", "-P", folder().resolve(file).toString(), "-o", "/dev/null", "-e", "inject=" + injected);
        try (StoreJvm jvm = StoreJvm.startUnder(strace, "open", folder().toString())) {
            assertThat(jvm.output())
                    .singleElement()
                    .asString()
                    .startsWith("refused: ")
                    .contains("Input/output error");
        }
    }

    @Test
    void read_fileCannotBeClosed_readsItAllTheSame() throws Exception {
        Needs.that(Needs.works("strace", "-f", "-o", "/dev/null", "true"), "strace");
        StoreFolderTest.fill(folder()).close();
        Path segment;
        try (Stream<Path> files = Files.list(folder())) {
            segment = files.filter(file -> !file.endsWith("lock")).findFirst().orElseThrow();
        }
        List<String> strace =
                List.of("strace", "-f", "-P", segment.toString(), "-o", "/dev/null", "-e", "inject=close:error=EIO");
        try (StoreJvm jvm = StoreJvm.startUnder(strace, "read", folder().toString())) {
            assertThat(jvm.output()).startsWith("read 10");
        }
    }

    @Test
    void use_noDescriptorsLeft_losesNothing() throws Exception {
        List<String> few = List.of("sh", "-c", "ulimit -n 150 && exec \"$@\"", "few");
        try (StoreJvm jvm = StoreJvm.startUnder(few, "descriptors", folder().toString())) {
            List<String> said = jvm.output();
            assertThat(said)
                    .as("%s", said)
                    .startsWith("put 1280")
                    .endsWith("held 1280", "held 140")
                    .noneMatch(line -> line.startsWith("not held"));
        }
    }

    @Test
    void put_fileSystemFull_goesOnInMemoryAndOnTheDiskOnceThereIsRoom() throws Exception {
        Needs.that(Needs.works("unshare", "-rm", "true"), "user namespaces");
        Path small = Files.createDirectory(temp.resolve("small"));
        List<String> inNamespace = List.of(
                "unshare",
                "-rm",
                "sh",
                "-c",
                "mount -t tmpfs -o size=1m tmpfs \"$0\" && exec \"$@\"",
                small.toString());
        try (StoreJvm jvm =
                StoreJvm.startUnder(inNamespace, "full", small.resolve("store").toString())) {
            assertThat(jvm.output())
                    .containsExactly(
                            "ballast", "full: holds 40", "not flushed: full", "room: holds 41", "again: holds 41");
        }
    }
}
