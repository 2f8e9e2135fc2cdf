package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.fetch.ByteRange;
import io.runnel.keys.FixedKeys;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.ScriptedProvider;
import io.runnel.source.ScriptedSource.Script;
import io.runnel.source.SharedBlob;
import io.runnel.source.SourceInfo.Kind;
import io.runnel.source.TestBlob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What providers may share ends with the readers, unless the app seeds. */
@Timeout(30)
class ShareWhileReadTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final TestBlob BLOB = TestBlob.random(7, 1 << 20);
    private static final GroupSet ALL = GroupSet.all(BLOB.groups());

    private final ScriptedProvider origin = new ScriptedProvider(Kind.ORIGIN);
    private final Runnel client =
            Runnel.builder().keySource(new FixedKeys(BLOB)).source(origin).build();

    private Blob blob;
    private SharedBlob shared;

    @BeforeEach
    void open() throws IOException {
        origin.add("o", BLOB, new Script().holds(ALL));
        blob = client.open(BLOB.id());
        shared = origin.shared(BLOB.id());
    }

    @AfterEach
    void close() {
        client.close();
    }

    private void awaitNothingShared() {
        Awaitility.await().atMost(SECOND).untilAsserted(() -> {
            assertThat(shared.held().isEmpty()).isTrue();
            assertThat(shared.readGroups(new GroupRange(0, 1)).join().hasRemaining())
                    .isFalse();
            assertThat(shared.readTree(0, 64).join().hasRemaining()).isFalse();
        });
    }

    private void awaitAllShared() {
        Awaitility.await().untilAsserted(() -> assertThat(shared.held()).isEqualTo(ALL));
        assertThat(shared.readGroups(new GroupRange(0, 1)).join().hasRemaining())
                .isTrue();
    }

    @Test
    void held_readerClosed_isEmptyWithinASecondAndBackWithTheNext() throws IOException {
        List<GroupSet> told = new CopyOnWriteArrayList<>();
        try (var subscription = shared.onHeldChanged(told::add)) {
            try (InputStream in = blob.inputStream()) {
                assertThat(in.readNBytes(BLOB.plaintext().length - 1)).isNotEmpty();
                Awaitility.await()
                        .during(SECOND.multipliedBy(2))
                        .until(() -> shared.held().equals(ALL));
            }
            awaitNothingShared();
            assertThat(told.get(told.size() - 1).isEmpty()).isTrue();
            try (InputStream again = blob.inputStream()) {
                assertThat(again.read()).isNotNegative();
                awaitAllShared();
                assertThat(told.get(told.size() - 1)).isEqualTo(ALL);
            }
            assertThat(subscription).isNotNull();
        }
    }

    @Test
    void held_readAndPrefetchAndNothingMore_isEmptyWithinASecondAfterEach() throws IOException {
        awaitNothingShared();
        blob.read(new ByteRange(0, 10));
        awaitNothingShared();
        blob.prefetch().join();
        awaitNothingShared();
    }

    @Test
    void held_streamReadToItsEndAndNotClosed_isEmptyWithinASecond() throws IOException {
        InputStream readToItsEnd = blob.inputStream();
        assertThat(readToItsEnd.readAllBytes()).isEqualTo(BLOB.plaintext());
        awaitNothingShared();
        InputStream readToItsLastByte = blob.inputStream();
        assertThat(readToItsLastByte.readNBytes(BLOB.plaintext().length)).isEqualTo(BLOB.plaintext());
        awaitNothingShared();
        InputStream skipped = blob.inputStream();
        assertThat(skipped.read()).isNotNegative();
        awaitAllShared();
        assertThat(skipped.skip(BLOB.plaintext().length)).isEqualTo(BLOB.plaintext().length - 1);
        awaitNothingShared();
    }

    @Test
    void held_channelAtItsEnd_lastsUntilItIsClosed() throws IOException {
        try (SeekableByteChannel channel = blob.channel()) {
            ByteBuffer target = ByteBuffer.allocate(BLOB.plaintext().length);
            while (channel.read(target) > 0) {
                assertThat(target.position()).isPositive();
            }
            assertThat(channel.position()).isEqualTo(blob.size());
            Awaitility.await()
                    .during(SECOND.multipliedBy(2))
                    .until(() -> shared.held().equals(ALL));
        }
        awaitNothingShared();
    }

    @Test
    void held_twoReaders_lastsAsLongAsTheLonger() throws IOException {
        InputStream one = blob.inputStream();
        InputStream two = blob.inputStream();
        one.readAllBytes();
        assertThat(two.read()).isNotNegative();
        one.close();
        Awaitility.await()
                .during(SECOND.multipliedBy(2))
                .until(() -> shared.held().equals(ALL));
        two.close();
        awaitNothingShared();
    }

    @Test
    void seeding_onAndOff_sharesWithoutAReaderMeanwhile() throws IOException {
        blob.prefetch().join();
        awaitNothingShared();
        blob.seeding(true);
        blob.seeding(true);
        awaitAllShared();
        Awaitility.await()
                .during(SECOND.multipliedBy(2))
                .until(() -> shared.held().equals(ALL));
        blob.seeding(false);
        awaitNothingShared();
    }

    @Test
    void seeding_whileTheHandleIsClosed_leavesNoSeederBehind() throws Exception {
        blob.prefetch().join();
        // More than there are processors, so that some are halted in the middle of a call.
        int seeders = 2 * Runtime.getRuntime().availableProcessors();
        ExecutorService others = Executors.newFixedThreadPool(seeders);
        try {
            for (int i = 0; i < 40; i++) {
                Blob handle = client.open(BLOB.id());
                CountDownLatch begun = new CountDownLatch(seeders);
                AtomicBoolean closed = new AtomicBoolean();
                List<CompletableFuture<?>> seeding = new ArrayList<>();
                for (int each = 0; each < seeders; each++) {
                    seeding.add(CompletableFuture.runAsync(
                            () -> {
                                begun.countDown();
                                while (!closed.get()) {
                                    handle.seeding(true);
                                }
                            },
                            others));
                }
                begun.await();
                handle.close();
                closed.set(true);
                seeding.forEach(CompletableFuture::join);
            }
        } finally {
            others.shutdown();
        }
        awaitNothingShared();
    }

    @Test
    void seeding_handleClosed_endsThoughAnotherHandleIsOpen() throws IOException {
        try (Blob other = client.open(BLOB.id())) {
            blob.seeding(true);
            blob.prefetch().join();
            blob.close();
            awaitNothingShared();
            assertThat(other.size()).isPositive();
        }
    }
}
