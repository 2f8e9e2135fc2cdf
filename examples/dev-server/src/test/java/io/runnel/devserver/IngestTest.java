package io.runnel.devserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.crypto.BlobId;
import io.runnel.devserver.state.StateFolder;
import io.runnel.devserver.state.Temporary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.Blake3;
import org.bouncycastle.crypto.modes.XChaCha20Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IngestTest {
    private static final int GROUP_BYTES = 16 * 1024;

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16343, 16344, 16345, 16384, 16385, 300_000, 3_000_001})
    void ingest_anyFile_otherLibrariesOpenItAndComputeItsId(int size) throws Exception {
        Path file = TestFolders.file(dir, size);
        CatalogRecord record = TestFolders.ingest(dir.resolve("state"), file);
        byte[] blob = Files.readAllBytes(blob(record));

        assertThat(record.sizeBytes()).isEqualTo(blob.length).isEqualTo(size + 40L);
        assertThat(record.blobId()).isEqualTo(BlobId.of(Blake3.hash(blob)));
        assertThat(open(blob, key(record))).isEqualTo(Files.readAllBytes(file));
        assertThat(Files.size(outboard(record))).isEqualTo(64L * ((blob.length - 1) / GROUP_BYTES));
        assertThat(record.keyCommitment()).matches("[0-9a-f]{64}");
    }

    @Test
    void ingest_done_leavesPrivateFilesAndNothingUnderWay() throws Exception {
        Path state = dir.resolve("state");
        CatalogRecord record = TestFolders.ingest(state, TestFolders.file(dir, 100));

        assertThat(mode(state)).isEqualTo("rwx------");
        assertThat(mode(state.resolve("keys"))).isEqualTo("rwx------");
        assertThat(mode(state.resolve("keys").resolve(record.blobId().toString())))
                .isEqualTo("rw-------");
        assertThat(mode(blob(record))).isEqualTo("rw-------");
        assertThat(children(state.resolve("tmp"))).isEmpty();
    }

    @Test
    void ingest_sameFileTwice_givesTwoBlobsThatBothStay() throws Exception {
        Path state = dir.resolve("state");
        Path file = TestFolders.file(dir, 100);
        CatalogRecord first = TestFolders.ingest(state, file);
        CatalogRecord second = TestFolders.ingest(state, file);

        assertThat(first.blobId()).isNotEqualTo(second.blobId());
        assertThat(Catalog.list(state).records()).containsExactlyInAnyOrder(first, second);
        assertThat(Catalog.find(state, first.blobId())).contains(first);
    }

    @Test
    void ingest_progress_risesToTheWholeFile() throws Exception {
        List<Long> heard = new ArrayList<>();
        Ingest.ingest(dir.resolve("state"), TestFolders.file(dir, 1_000_000), (done, total) -> {
            assertThat(total).isEqualTo(1_000_000);
            heard.add(done);
        });

        assertThat(heard).isSorted().startsWith(0L).endsWith(1_000_000L);
    }

    @Test
    void ingest_fileGrowsMeanwhile_failsAndLeavesNothing() throws Exception {
        Path state = dir.resolve("state");
        Path file = TestFolders.file(dir, 1_000_000);

        assertThatThrownBy(() -> Ingest.ingest(state, file, (done, total) -> append(file)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("grew");
        assertNothingPublished(state);
    }

    @Test
    void ingest_interruptedByTheListener_leavesNothing() throws Exception {
        Path state = dir.resolve("state");
        Path file = TestFolders.file(dir, 1_000_000);

        assertThatThrownBy(() -> Ingest.ingest(state, file, (done, total) -> {
                    throw new IllegalStateException("stop");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertNothingPublished(state);
    }

    @Test
    void ingest_keyStoreFails_leavesNothing() throws Exception {
        Path state = dir.resolve("state");
        Path file = TestFolders.file(dir, 1000);
        Path keys = state.resolve("keys");

        assertThatThrownBy(() -> Ingest.ingest(
                        state,
                        file,
                        (done, total) ->
                                assertThat(done == 0 || keys.toFile().delete()).isTrue()))
                .isInstanceOf(IOException.class);
        assertThat(children(state.resolve("catalog"))).isEmpty();
        assertThat(children(state.resolve("blobs/blobs"))).isEmpty();
        assertThat(children(state.resolve("tmp"))).isEmpty();
    }

    @Test
    void ingest_afterOneKilledBeforeItsRecord_removesWhatItPublishedAndNothingElse() throws Exception {
        Path state = dir.resolve("state");
        Path file = TestFolders.file(dir, 20_000);
        CatalogRecord recorded = TestFolders.ingest(state, file);
        CatalogRecord underWay = withoutRecord(TestFolders.ingest(state, file));
        CatalogRecord killed = withoutRecord(TestFolders.ingest(state, file));
        abandonedNote(killed.blobId().toString());
        abandonedNote(recorded.blobId().toString());
        abandonedNote("");
        CatalogRecord next;
        try (Publication publication = Publication.begin(StateFolder.open(state), underWay.blobId())) {
            next = TestFolders.ingest(state, file);

            assertThat(List.of(recorded, underWay, next))
                    .allSatisfy(each -> assertThat(files(each)).allMatch(Files::exists));
            assertThat(files(killed)).noneMatch(Files::exists);
        }
        assertThat(children(state.resolve("tmp"))).isEmpty();
    }

    @Test
    void ingest_killedBeforeARecordThatWasDamagedLater_keepsTheBlob() throws Exception {
        Path state = dir.resolve("state");
        CatalogRecord record = TestFolders.ingest(state, TestFolders.file(dir, 10));
        Files.writeString(state.resolve("catalog").resolve(record.blobId() + ".json"), "{");
        abandonedNote(record.blobId().toString());

        DevServer.builder(state).build().start().close();

        assertThat(files(record)).allMatch(Files::exists);
    }

    @Test
    void ingest_afterOneThatWasKilled_removesItsPartsAndNoLivingProcesses() throws Exception {
        Path state = dir.resolve("state");
        StateFolder folder = StateFolder.open(state);
        Path foreign = Files.createFile(folder.temporary().resolve("notes.part"));
        try (Temporary living = folder.createTemporary("blob")) {
            Files.createFile(part("blob"));
            TestFolders.ingest(state, TestFolders.file(dir, 10));
            assertThat(parts(folder)).containsExactlyInAnyOrder(living.path(), foreign);

            Files.createFile(part("blob"));
            DevServer.builder(state).build().start().close();
            assertThat(parts(folder)).containsExactlyInAnyOrder(living.path(), foreign);
        }
        assertThat(children(folder.temporary())).containsExactly(foreign);
    }

    @Test
    void ingest_besideOneInAnotherProcess_removesItsPartsOnlyOnceItWasKilled() throws Exception {
        Path state = dir.resolve("state");
        StateFolder folder = StateFolder.open(state);
        Process other = Other.start(state);
        Path part = Path.of(other.inputReader().readLine());
        TestFolders.ingest(state, TestFolders.file(dir, 10));
        assertThat(part).exists();

        other.destroyForcibly().waitFor();
        TestFolders.ingest(state, TestFolders.file(dir, 10));
        assertThat(children(folder.temporary())).isEmpty();
    }

    @Test
    void find_unknownBlob_isEmpty() throws Exception {
        Path state = dir.resolve("state");
        StateFolder.open(state);
        assertThat(Catalog.find(state, BlobId.of(new byte[32]))).isEmpty();
    }

    @Test
    void find_damagedRecord_saysSo() throws Exception {
        Path state = dir.resolve("state");
        CatalogRecord record = TestFolders.ingest(state, TestFolders.file(dir, 10));
        Files.writeString(state.resolve("catalog").resolve(record.blobId() + ".json"), "{\"blobId\":");

        assertThatThrownBy(() -> Catalog.find(state, record.blobId()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(record.blobId().toString());
    }

    private void assertNothingPublished(Path state) throws IOException {
        assertThat(children(state.resolve("catalog"))).isEmpty();
        assertThat(children(state.resolve("keys"))).isEmpty();
        assertThat(children(state.resolve("blobs"))).isEmpty();
        assertThat(children(state.resolve("tmp"))).isEmpty();
    }

    private CatalogRecord withoutRecord(CatalogRecord record) throws IOException {
        Files.delete(dir.resolve("state/catalog").resolve(record.blobId() + ".json"));
        return record;
    }

    /** As one leaves it that was killed. */
    private void abandonedNote(String text) throws IOException {
        Files.writeString(part("publish"), text);
    }

    private Path part(String purpose) throws IOException {
        int number = children(dir.resolve("state/tmp")).size();
        return dir.resolve("state/tmp").resolve("%s-%016x.part".formatted(purpose, number));
    }

    private static List<Path> parts(StateFolder folder) throws IOException {
        return children(folder.temporary()).stream()
                .filter(path -> path.toString().endsWith(".part"))
                .toList();
    }

    private List<Path> files(CatalogRecord record) {
        return List.of(
                blob(record),
                outboard(record),
                dir.resolve("state/keys").resolve(record.blobId().toString()));
    }

    private Path blob(CatalogRecord record) {
        return dir.resolve("state/blobs").resolve(record.bucket()).resolve(record.key());
    }

    private Path outboard(CatalogRecord record) {
        return blob(record).resolveSibling(record.key() + ".obao4");
    }

    private byte[] key(CatalogRecord record) throws IOException {
        return Files.readAllBytes(
                dir.resolve("state/keys").resolve(record.blobId().toString()));
    }

    private static byte[] open(byte[] blob, byte[] key) throws Exception {
        XChaCha20Poly1305 cipher = new XChaCha20Poly1305();
        cipher.init(false, new ParametersWithIV(new KeyParameter(key), Arrays.copyOf(blob, 24)));
        byte[] plain = new byte[cipher.getOutputSize(blob.length - 24)];
        int done = cipher.processBytes(blob, 24, blob.length - 24, plain, 0);
        done += cipher.doFinal(plain, done);
        return Arrays.copyOf(plain, done);
    }

    private static void append(Path file) {
        try {
            Files.write(file, new byte[500_000], StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    /** Another process that has a file under way and says which, until it is killed. */
    static final class Other {
        private Other() {}

        static Process start(Path state) throws IOException {
            return new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Other.class.getName(),
                            state.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        }

        public static void main(String[] arguments) throws IOException {
            try (Temporary part = StateFolder.open(Path.of(arguments[0])).createTemporary("blob")) {
                System.out.println(part.path());
                System.in.read();
            }
        }
    }
}
