package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.fetch.FetchException;
import io.runnel.keys.FixedKeys;
import io.runnel.source.ScriptedProvider;
import io.runnel.source.ScriptedSource;
import io.runnel.source.ScriptedSource.Script;
import io.runnel.source.SourceException;
import io.runnel.source.SourceInfo.Kind;
import io.runnel.source.TestBlob;
import io.runnel.store.BlobStore;
import io.runnel.store.DiskBlobStore;
import io.runnel.store.MemoryBlobStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Downloads to a file: what is left of the target in each case, and what is fetched anew. */
@Timeout(60)
class DownloadToTest {
    private static final int MIB = 1 << 20;
    private static final TestBlob BLOB = TestBlob.random(42, 36 * MIB + 4321);
    private static final TestBlob SMALL = TestBlob.random(43, 3 * MIB + 5);

    private final ScriptedProvider origin = new ScriptedProvider(Kind.ORIGIN);
    private final FixedKeys keys = new FixedKeys(BLOB, SMALL);
    private final Recorder recorder = new Recorder();
    private Runnel client;

    @TempDir
    private Path temp;

    private Runnel client(BlobStore store) {
        client = Runnel.builder()
                .keySource(keys)
                .store(store)
                .source(origin)
                .listener(recorder)
                .build();
        return client;
    }

    private Runnel client() {
        return client(new MemoryBlobStore(64 * MIB));
    }

    @AfterEach
    void closeClient() {
        client.close();
        assertThat(recorder.rudeness).isEmpty();
        assertThat(keys.allWiped()).isTrue();
    }

    @Test
    void downloadTo_twice_secondComesFromTheStore() throws IOException {
        origin.add("o", BLOB, Script.all(BLOB));
        Path first = temp.resolve("first");
        Path second = temp.resolve("second");
        try (Blob blob = client().open(BLOB.id())) {
            List<Long> progress = new CopyOnWriteArrayList<>();
            blob.downloadTo(first, (done, total) -> progress.add(done));
            assertThat(Files.readAllBytes(first)).isEqualTo(BLOB.plaintext());
            assertThat(progress).isSorted().last().isEqualTo(blob.size());
            blob.downloadTo(second);
            assertThat(Files.readAllBytes(second)).isEqualTo(BLOB.plaintext());
            assertThat(blob.stats().bytesFrom(Kind.ORIGIN)).isEqualTo(BLOB.bytes().length);
        }
        try (var files = Files.list(temp)) {
            assertThat(files.collect(Collectors.toSet())).containsExactlyInAnyOrder(first, second);
        }
    }

    @Test
    void downloadTo_targetOrPartIsNoFile_isRefusedAndStaysBeforeAnythingIsFetched() throws Exception {
        ScriptedSource source = origin.add("o", SMALL, Script.all(SMALL));
        Path directory = Files.createDirectory(temp.resolve("directory"));
        Path socket = temp.resolve("socket");
        Path pipe = temp.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        List<Path> links = new ArrayList<>();
        for (Path ledTo : List.of(directory, socket, pipe, Path.of("/dev/null"))) {
            links.add(Files.createSymbolicLink(temp.resolve("to-" + ledTo.getFileName()), ledTo));
        }
        Files.createDirectory(temp.resolve("beside.part"));
        try (ServerSocketChannel bound =
                        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
                Blob blob = client().open(SMALL.id())) {
            List<Path> targets = new ArrayList<>(links);
            targets.addAll(List.of(directory, socket, pipe, temp.resolve("beside"), temp.getRoot()));
            for (Path target : targets) {
                assertThatThrownBy(() -> blob.downloadTo(target))
                        .isInstanceOf(FileSystemException.class)
                        .hasMessageContaining("name another target");
            }
            assertThat(bound.isOpen()).isTrue();
        }
        assertThat(directory).isDirectory();
        assertThat(links).allMatch(Files::isSymbolicLink);
        assertThat(Files.readAttributes(socket, BasicFileAttributes.class).isOther())
                .isTrue();
        assertThat(source.delivered()).isZero();
    }

    @Test
    void downloadTo_targetAndPartAreLinks_replacesTheOneAndNeverFollowsEither() throws IOException {
        origin.add("o", SMALL, Script.all(SMALL));
        Path other = Files.writeString(temp.resolve("other"), "of somebody else");
        Path target = Files.createSymbolicLink(temp.resolve("link"), other);
        try (Blob blob = client().open(SMALL.id())) {
            blob.downloadTo(target);
            assertThat(target).isRegularFile().hasBinaryContent(SMALL.plaintext());
            assertThat(Files.isSymbolicLink(target)).isFalse();
            Path dangling = Files.createSymbolicLink(temp.resolve("dangling"), temp.resolve("nowhere"));
            blob.downloadTo(dangling);
            assertThat(Files.isSymbolicLink(dangling)).isFalse();
            assertThat(temp.resolve("nowhere")).doesNotExist();
            Files.createSymbolicLink(temp.resolve("next.part"), other);
            assertThatThrownBy(() -> blob.downloadTo(temp.resolve("next"))).isInstanceOf(IOException.class);
        }
        assertThat(other).hasContent("of somebody else");
    }

    @Test
    void downloadTo_whileAnotherToTheSameTarget_isRefusedAndLeavesThatOneAlone() throws IOException {
        ScriptedSource held = origin.add("o", SMALL, Script.all(SMALL).muteAfter(20));
        Path target = temp.resolve("file");
        try (Blob blob = client().open(SMALL.id())) {
            CompletableFuture<?> first = blob.downloadToAsync(target, (done, size) -> {});
            Awaitility.await().until(() -> Files.exists(temp.resolve("file.part")));
            Files.createDirectory(temp.resolve("folder"));
            assertThatThrownBy(() -> blob.downloadTo(temp.resolve("folder/../file")))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("under way");
            origin.leave(held);
            origin.add("again", SMALL, Script.all(SMALL));
            first.join();
        }
        assertThat(target).hasBinaryContent(SMALL.plaintext());
    }

    @Test
    void downloadTo_justAfterOneToTheSameTargetWasCancelled_isTheBlob() throws IOException {
        origin.add("o", SMALL, Script.all(SMALL));
        Path target = temp.resolve("file");
        try (Blob blob = client().open(SMALL.id())) {
            for (int i = 0; i < 50; i++) {
                CompletableFuture<Long> begun = new CompletableFuture<>();
                CompletableFuture<?> first = blob.downloadToAsync(target, (done, size) -> begun.complete(done));
                begun.join();
                first.cancel(true);
                blob.downloadTo(target);
                assertThat(target).hasBinaryContent(SMALL.plaintext());
            }
        }
    }

    @Test
    void downloadTo_partIsReplacedMeanwhile_failsAndLeavesTheTargetAndWhatIsThereNow() throws IOException {
        origin.add("o", SMALL, Script.all(SMALL));
        Path target = Files.writeString(temp.resolve("file"), "as it was");
        Path part = temp.resolve("file.part");
        try (Blob blob = client().open(SMALL.id())) {
            assertThatThrownBy(() -> blob.downloadTo(target, (done, size) -> {
                        if (done == size) {
                            replace(part, "of another");
                        }
                    }))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("removed or replaced");
        }
        assertThat(target).hasContent("as it was");
        assertThat(part).hasContent("of another");
    }

    private static void replace(Path file, String text) {
        try {
            Files.delete(file);
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void downloadTo_pathBackOutOfALink_goesWhereTheSystemGoes() throws IOException {
        origin.add("o", SMALL, Script.all(SMALL));
        Path inner = Files.createDirectories(temp.resolve("outer/inner"));
        Files.createSymbolicLink(temp.resolve("link"), inner);
        try (Blob blob = client().open(SMALL.id())) {
            blob.downloadTo(temp.resolve("link/../file"));
        }
        assertThat(temp.resolve("outer/file")).hasBinaryContent(SMALL.plaintext());
        assertThat(temp.resolve("file")).doesNotExist();
    }

    @Test
    void downloadTo_interruptedWhereAllIsHeld_isClosed() throws IOException {
        origin.add("o", SMALL, Script.all(SMALL));
        Path target = temp.resolve("file");
        try (Blob blob = client().open(SMALL.id())) {
            blob.prefetch().join();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> blob.downloadTo(target))
                    .isInstanceOfSatisfying(
                            FetchException.class,
                            failure -> assertThat(failure.reason()).isEqualTo(FetchException.Reason.CLOSED));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(target).doesNotExist();
            blob.downloadTo(target);
        }
        assertThat(target).hasBinaryContent(SMALL.plaintext());
    }

    @Test
    void downloadTo_pathOfAnotherFileSystem_isRefusedClearly() throws IOException {
        ScriptedSource source = origin.add("o", SMALL, Script.all(SMALL));
        try (FileSystem zip = FileSystems.newFileSystem(temp.resolve("a.zip"), Map.of("create", true));
                Blob blob = client().open(SMALL.id())) {
            assertThatThrownBy(() -> blob.downloadTo(zip.getPath("/file")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("default file system");
        }
        assertThat(source.delivered()).isZero();
    }

    @Test
    void downloadTo_nameTooLongForThePart_saysSoOfTheTarget() throws IOException {
        origin.add("o", SMALL, Script.all(SMALL));
        Path target = temp.resolve("x".repeat(252));
        try (Blob blob = client().open(SMALL.id())) {
            assertThatThrownBy(() -> blob.downloadTo(target))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageStartingWith(target + ": ")
                    .hasMessageContaining("shorter name");
        }
    }

    @Test
    void downloadTo_afterRestart_fetchesOnlyWhatIsMissing() throws IOException {
        ScriptedSource half =
                origin.add("o", BLOB, Script.all(BLOB).failsAfter(1200, SourceException.Reason.NOT_FOUND));
        Path target = temp.resolve("file");
        Path store = temp.resolve("store");
        try (Blob blob = client(DiskBlobStore.open(store)).open(BLOB.id())) {
            assertThatThrownBy(() -> blob.downloadTo(target)).isInstanceOf(FetchException.class);
        }
        client.close();
        assertThat(target).doesNotExist();
        assertThat(temp.resolve("file.part")).doesNotExist();
        origin.leave(half);
        ScriptedProvider again = new ScriptedProvider(Kind.ORIGIN);
        ScriptedSource whole = again.add("o", BLOB, Script.all(BLOB));
        FixedKeys newKeys = new FixedKeys(BLOB);
        try (Runnel restarted = Runnel.builder()
                        .keySource(newKeys)
                        .source(again)
                        .store(DiskBlobStore.open(store))
                        .build();
                Blob blob = restarted.open(BLOB.id())) {
            blob.downloadTo(target);
            assertThat(blob.stats().bytesFromStore()).isGreaterThan(10L * MIB);
            assertThat(whole.delivered()).isLessThan(BLOB.groups() - 640);
        }
        assertThat(Files.readAllBytes(target)).isEqualTo(BLOB.plaintext());
    }

    @Test
    void downloadToAsync_cancelled_stopsAndLeavesNoTarget() throws Exception {
        origin.add("o", BLOB, Script.all(BLOB).muteAfter(100));
        Path target = temp.resolve("file");
        try (Blob blob = client().open(BLOB.id())) {
            CompletableFuture<?> download = blob.downloadToAsync(target, (done, total) -> {});
            Awaitility.await().until(() -> blob.stats().bytesFrom(Kind.ORIGIN) > 0);
            assertThat(download.cancel(true)).isTrue();
            Awaitility.await()
                    .until(() -> Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().startsWith("runnel-delivery"))
                            .noneMatch(thread ->
                                    Arrays.toString(thread.getStackTrace()).contains("Download.run")));
            assertThat(target).doesNotExist();
        }
    }
}
