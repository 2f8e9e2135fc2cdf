package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runnel.fetch.ByteRange;
import io.runnel.keys.FixedKeys;
import io.runnel.source.TestBlob;
import io.runnel.source.WithheldOrigin;
import io.runnel.store.MemoryBlobStore;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Readers that look further ahead than the store can keep, on the real engine: each byte comes about once all the same. */
@Timeout(60)
class SmallStoreTest {
    private static final int MIB = 1 << 20;
    private static final int SIZE = 12 * MIB;

    private final List<TestBlob> published =
            List.of(TestBlob.random(201, SIZE), TestBlob.random(202, SIZE), TestBlob.random(203, SIZE));
    private final WithheldOrigin origin = new WithheldOrigin(published.toArray(TestBlob[]::new));
    private final ExecutorService readers = Executors.newCachedThreadPool();
    private final List<AutoCloseable> open = new ArrayList<>();

    @TempDir
    private Path temp;

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
        readers.shutdownNow();
    }

    private <T extends AutoCloseable> T closing(T closeable) {
        open.add(closeable);
        return closeable;
    }

    private List<Blob> openAll(int storeBytes) throws Exception {
        Runnel client = closing(Runnel.builder()
                .keySource(new FixedKeys(published.toArray(TestBlob[]::new)))
                .source(origin)
                .store(new MemoryBlobStore(storeBytes))
                .build());
        List<Blob> blobs = new ArrayList<>();
        for (TestBlob blob : published) {
            blobs.add(closing(client.open(blob.id())));
        }
        return blobs;
    }

    private void deliverUntilDone(List<? extends Future<?>> all) throws Exception {
        while (!all.stream().allMatch(Future::isDone)) {
            if (!origin.deliver()) {
                // Ends with the test, also where it takes too long.
                assertThat(Thread.interrupted()).isFalse();
                Thread.onSpinWait();
            }
        }
        for (Future<?> each : all) {
            each.get();
        }
    }

    /** Delivers until the engine asks for nothing more. */
    private void deliverAllThatIsAsked() {
        await().pollInterval(Duration.ofMillis(1))
                .during(Duration.ofMillis(400))
                .until(() -> !origin.deliver());
    }

    private static long groups(long bytes) {
        return bytes / TestBlob.GROUP_BYTES;
    }

    @Test
    void streams_pausedInAStoreSmallerThanTheirLookAhead_fetchWhatItKeepsAndNoMore() throws Exception {
        List<InputStream> streams = new ArrayList<>();
        for (Blob blob : openAll(8 * MIB)) {
            streams.add(closing(blob.inputStream()));
        }
        deliverUntilDone(streams.stream()
                .map(in -> readers.submit(() -> in.readNBytes(1)))
                .toList());
        deliverAllThatIsAsked();
        assertThat(origin.deliveredGroups()).isBetween(groups(4 * MIB), groups(8 * MIB));
        List<Future<byte[]>> rest =
                streams.stream().map(in -> readers.submit(in::readAllBytes)).toList();
        deliverUntilDone(rest);
        for (int i = 0; i < rest.size(); i++) {
            byte[] expected = published.get(i).plaintext();
            assertThat(rest.get(i).get())
                    .isEqualTo(ByteBuffer.allocate(SIZE - 1)
                            .put(expected, 1, SIZE - 1)
                            .array());
        }
        assertThat(origin.deliveredGroups()).isLessThan(groups(3 * SIZE) * 11 / 10);
    }

    @Test
    void download_largerThanTheStore_fetchesEachGroupOnce() throws Exception {
        CompletableFuture<?> download =
                openAll(4 * MIB).get(0).downloadToAsync(temp.resolve("target"), (done, total) -> {});
        deliverUntilDone(List.of(download));
        assertThat(temp.resolve("target")).hasBinaryContent(published.get(0).plaintext());
        assertThat(origin.deliveredGroups()).isEqualTo(published.get(0).groups());
    }

    @Test
    void prefetch_largerThanTheStore_fetchesEachGroupOnce() throws Exception {
        deliverUntilDone(List.of(openAll(4 * MIB).get(0).prefetch()));
        assertThat(origin.deliveredGroups()).isEqualTo(published.get(0).groups());
    }

    @Test
    void stream_besideAPrefetchAndADownload_allEndAndEachGroupComesAboutOnce() throws Exception {
        List<Blob> blobs = openAll(8 * MIB);
        List<Future<?>> all = new ArrayList<>();
        all.add(blobs.get(0).prefetch());
        all.add(blobs.get(1).downloadToAsync(temp.resolve("target"), (done, total) -> {}));
        InputStream in = closing(blobs.get(2).inputStream());
        Future<byte[]> stream = readers.submit(in::readAllBytes);
        all.add(stream);
        deliverUntilDone(all);
        assertThat(stream.get()).isEqualTo(published.get(2).plaintext());
        assertThat(origin.deliveredGroups()).isLessThan(groups(3 * SIZE) * 11 / 10);
    }

    /** Not even what they wait for fits all together: they take turns. */
    @Test
    void reads_moreThanTheStoreHasRoomFor_takeTurnsAndFetchAboutOnce() throws Exception {
        long seed = 20261127;
        Random random = new Random(seed);
        List<Blob> blobs = openAll(4 * MIB);
        Map<CompletableFuture<ByteBuffer>, ByteBuffer> reads = new LinkedHashMap<>();
        long length = 3 * MIB / 2;
        for (int i = 0; i < 30; i++) {
            int blob = i % blobs.size();
            int offset = random.nextInt(SIZE - (int) length);
            reads.put(
                    blobs.get(blob).readAsync(new ByteRange(offset, length)),
                    ByteBuffer.wrap(published.get(blob).plaintext(), offset, (int) length));
        }
        deliverUntilDone(List.copyOf(reads.keySet()));
        reads.forEach(
                (read, expected) -> assertThat(read.join()).as("seed %d", seed).isEqualTo(expected));
        assertThat(origin.deliveredGroups()).as("seed %d", seed).isLessThan(groups(30 * length) * 11 / 10);
    }
}
