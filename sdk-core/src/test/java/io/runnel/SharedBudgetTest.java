package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runnel.crypto.BlobId;
import io.runnel.fetch.ByteRange;
import io.runnel.fetch.FetchSettings;
import io.runnel.fetch.Playback;
import io.runnel.fetch.PlaybackHint;
import io.runnel.keys.FixedKeys;
import io.runnel.source.TestBlob;
import io.runnel.source.WithheldOrigin;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several open blobs of a client, on the real engine: they share one budget, and whose turn it is decides what is due. */
@Timeout(60)
class SharedBudgetTest {
    private static final long MIB = 1 << 20;
    private static final long BUDGET_GROUPS = MIB / TestBlob.GROUP_BYTES;
    private static final int SIZE = (int) (6 * MIB);

    /** What is read ahead of the test, so that both hash trees and nonces are known. */
    private static final ByteRange HEAD = new ByteRange(0, 10);

    private static final ByteRange REST = new ByteRange(MIB, SIZE - MIB);

    private final TestBlob sooner = TestBlob.random(101, SIZE);
    private final TestBlob later = TestBlob.random(102, SIZE);
    private final WithheldOrigin origin = new WithheldOrigin(sooner, later);
    private final Runnel client = Runnel.builder()
            .keySource(new FixedKeys(sooner, later))
            .source(origin)
            .settings(new FetchSettings(
                    16 * MIB, MIB, MIB, Duration.ZERO, Duration.ofSeconds(60), Duration.ofSeconds(60)))
            .build();

    @AfterEach
    void close() {
        client.close();
        assertThat(origin.mostGroups()).isBetween(1L, BUDGET_GROUPS);
    }

    private Blob openAndReadTheHead(TestBlob blob) throws Exception {
        Blob opened = client.open(blob.id());
        deliverUntilDone(opened.readAsync(HEAD));
        return opened;
    }

    private void deliverUntilDone(Future<?> whole) throws Exception {
        while (!whole.isDone()) {
            if (!origin.deliver()) {
                Thread.onSpinWait();
            }
        }
        whole.get();
    }

    /** Reads the rest for a player that has so much; returns when the engine has planned for it. */
    private Future<byte[]> play(Blob blob, Duration buffered) throws IOException {
        Playback player = new Playback();
        InputStream in = blob.inputStream(REST, player);
        FutureTask<byte[]> reading = new FutureTask<>(in::readAllBytes);
        Thread thread = new Thread(reading, "player");
        thread.setDaemon(true);
        thread.start();
        await().until(() -> thread.getState() == Thread.State.WAITING);
        // What a player has counts from where it reads, so it reports once it does.
        player.report(new PlaybackHint(MIB, buffered));
        settle(blob.id());
        return reading;
    }

    /** What was wanted before is planned for: opening passes through the engine's loop, and so does each plan. */
    private void settle(BlobId any) throws IOException {
        for (int i = 0; i < 3; i++) {
            client.open(any).close();
        }
    }

    private List<BlobId> askedSince(int before) {
        return origin.log().stream()
                .skip(before)
                .map(WithheldOrigin.Asked::blob)
                .toList();
    }

    private void assertRest(TestBlob blob, byte[] read) {
        assertThat(read).isEqualTo(Arrays.copyOfRange(blob.plaintext(), (int) REST.offset(), SIZE));
    }

    @Test
    void streams_ofTwoBlobs_theOneThatIsDueSoonerIsServedFirst() throws Exception {
        try (Blob first = openAndReadTheHead(later);
                Blob second = openAndReadTheHead(sooner)) {
            Future<byte[]> patient = play(first, Duration.ofSeconds(60));
            assertThat(origin.log().get(origin.log().size() - 1).blob()).isEqualTo(later.id());
            Future<byte[]> urgent = play(second, Duration.ZERO);
            int before = origin.log().size();
            deliverUntilDone(urgent);
            assertRest(sooner, urgent.get());
            List<BlobId> asked = askedSince(before);
            assertThat(asked).contains(sooner.id());
            int lastOfSooner = asked.lastIndexOf(sooner.id());
            assertThat(asked.subList(0, lastOfSooner)).doesNotContain(later.id());
            deliverUntilDone(patient);
            assertRest(later, patient.get());
        }
    }

    @Test
    void prefetch_whileAnotherBlobIsRead_yieldsWhatComesFree() throws Exception {
        try (Blob first = openAndReadTheHead(later);
                Blob second = openAndReadTheHead(sooner)) {
            CompletableFuture<?> prefetch = first.prefetch();
            settle(later.id());
            assertThat(origin.log().get(origin.log().size() - 1).blob()).isEqualTo(later.id());
            assertYields(second, prefetch);
        }
    }

    @Test
    void warm_whileAnotherBlobIsRead_yieldsWhatComesFree() throws Exception {
        openAndReadTheHead(later).close();
        try (Blob second = openAndReadTheHead(sooner)) {
            int before = origin.log().size();
            CompletableFuture<?> warm = client.warm(later.id());
            await().until(() -> askedSince(before).contains(later.id()));
            assertYields(second, warm);
        }
    }

    private void assertYields(Blob read, CompletableFuture<?> background) throws Exception {
        Future<byte[]> reader = play(read, Duration.ZERO);
        int before = origin.log().size();
        deliverUntilDone(reader);
        assertRest(sooner, reader.get());
        List<BlobId> asked = askedSince(before);
        int lastOfReader = asked.lastIndexOf(sooner.id());
        assertThat(lastOfReader).isNotNegative();
        assertThat(asked.subList(0, lastOfReader)).doesNotContain(later.id());
        deliverUntilDone(background);
    }
}
