package io.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.Blob;
import io.runnel.Runnel;
import io.runnel.fetch.FetchSettings;
import io.runnel.keys.FixedKeys;
import io.runnel.source.GroupRange;
import io.runnel.source.ScriptedProvider;
import io.runnel.source.ScriptedSource;
import io.runnel.source.ScriptedSource.Script;
import io.runnel.source.SourceInfo.Kind;
import io.runnel.source.TestBlob;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole fetches over a disk that does wrong: the app reads the right bytes, peers never get wrong ones. */
@Timeout(60)
class DiskStoreFetchTest {
    private static final int MIB = 1 << 20;
    private static final TestBlob BLOB = TestBlob.random(5, 40 * MIB + 77);

    @TempDir
    private Path temp;

    private final ScriptedProvider origin = new ScriptedProvider(Kind.ORIGIN);
    private final ScriptedSource source = origin.add("o", BLOB, Script.all(BLOB));

    private Runnel client(BlobStore store) {
        return client(store, 2 * MIB);
    }

    private Runnel client(BlobStore store, long lookAheadBytes) {
        return Runnel.builder()
                .keySource(new FixedKeys(BLOB))
                .source(origin)
                .store(store)
                .settings(FetchSettings.defaults().withLookAheadBytes(lookAheadBytes))
                .build();
    }

    private void readAll(BlobStore store) throws IOException {
        try (Runnel client = client(store);
                Blob blob = client.open(BLOB.id());
                InputStream in = blob.inputStream()) {
            assertThat(in.readAllBytes()).isEqualTo(BLOB.plaintext());
        }
    }

    private void flip(long... places) throws IOException {
        List<Path> segments;
        try (Stream<Path> files = Files.list(temp.resolve("store"))) {
            segments = files.filter(file -> file.toString().endsWith("0")).toList();
        }
        try (RandomAccessFile file = new RandomAccessFile(segments.get(0).toFile(), "rw")) {
            for (long place : places) {
                file.seek(place);
                int was = file.read();
                file.seek(place);
                file.write(was ^ 4);
            }
        }
    }

    @Test
    void read_bytesFlippedOnTheDisk_isThePlaintextAndThoseGroupsAreFetchedAgain() throws IOException {
        readAll(DiskBlobStore.open(temp.resolve("store")));
        long fetched = source.delivered();
        flip(Segment.HEADER_BYTES + 5, Segment.HEADER_BYTES + 3 * MIB, Segment.HEADER_BYTES + 4 * MIB - 1);
        readAll(DiskBlobStore.open(temp.resolve("store")));
        assertThat(source.delivered() - fetched).isBetween(1L, 3L);
        readAll(DiskBlobStore.open(temp.resolve("store")));
        assertThat(source.delivered() - fetched).isBetween(1L, 3L);
    }

    @Test
    void share_bytesFlippedOnTheDisk_givesPeersNothingInsteadOfThem() throws Exception {
        readAll(DiskBlobStore.open(temp.resolve("store")));
        flip(Segment.HEADER_BYTES + 5, Segment.HEADER_BYTES + 3 * MIB);
        try (Runnel client = client(DiskBlobStore.open(temp.resolve("store")));
                Blob blob = client.open(BLOB.id())) {
            blob.seeding(true);
            int refused = 0;
            for (long group = 0; group < BLOB.groups(); group++) {
                GroupRange one = new GroupRange(group, group + 1);
                ByteBuffer given = origin.shared(BLOB.id()).readGroups(one).get();
                int start = (int) group * TestBlob.GROUP_BYTES;
                if (given.hasRemaining()) {
                    assertThat(given).isEqualTo(ByteBuffer.wrap(BLOB.bytes(), start, given.remaining()));
                } else {
                    refused++;
                }
            }
            assertThat(refused).isBetween(1, 2);
        }
    }

    @Test
    void read_diskFullInTheMiddle_isThePlaintext() throws IOException {
        ScriptedFiles files = new ScriptedFiles();
        files.capacity(7 * MIB);
        readAll(DiskBlobStore.open(files, DiskStoreSettings.defaults().withMemoryBytes(8 * MIB), System::nanoTime));
        assertThat(files.allocatedBytes()).isGreaterThan(6 * MIB);
        assertThat(source.delivered()).isLessThan(BLOB.groups() + 64);
    }

    @Test
    void read_diskFullAndMemoryFarLessThanTheLookAhead_fetchesEachGroupOnce() throws IOException {
        ScriptedFiles files = new ScriptedFiles();
        files.capacity(7 * MIB);
        DiskStoreSettings settings = DiskStoreSettings.defaults().withMemoryBytes(4 * MIB);
        try (Runnel client = client(DiskBlobStore.open(files, settings, System::nanoTime), 32 * MIB);
                Blob blob = client.open(BLOB.id());
                InputStream in = blob.inputStream()) {
            assertThat(in.readAllBytes()).isEqualTo(BLOB.plaintext());
        }
        assertThat(source.delivered()).isLessThan(BLOB.groups() + 64);
    }

    @Test
    void read_diskTakesNothing_isThePlaintext() throws IOException {
        ScriptedFiles files = new ScriptedFiles();
        files.fail(ScriptedFiles.Step.WRITE);
        readAll(DiskBlobStore.open(files, DiskStoreSettings.defaults().withMemoryBytes(8 * MIB), System::nanoTime));
    }

    @Test
    void read_blobLargerThanTheStore_isThePlaintextAndTheBoundHolds() throws IOException {
        Path folder = temp.resolve("store");
        DiskStoreSettings settings = DiskStoreSettings.defaults().withMaxBytes(32 * MIB);
        readAll(DiskBlobStore.open(folder, settings));
        try (DiskBlobStore store = DiskBlobStore.open(folder, settings)) {
            assertThat(store.usedBytes()).isBetween(20L * MIB, 32L * MIB);
        }
    }
}
