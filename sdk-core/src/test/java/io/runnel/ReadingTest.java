package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.fetch.ByteRange;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchException.Reason;
import io.runnel.fetch.FetchSettings;
import io.runnel.fetch.Playback;
import io.runnel.fetch.PlaybackHint;
import io.runnel.keys.FixedKeys;
import io.runnel.source.ScriptedProvider;
import io.runnel.source.ScriptedSource;
import io.runnel.source.ScriptedSource.Script;
import io.runnel.source.SourceInfo.Kind;
import io.runnel.source.TestBlob;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams and channels: what they read, where they seek, and how they end. */
@Timeout(30)
class ReadingTest {
    private static final int MIB = 1 << 20;
    private static final int SIZE = 20 * MIB + 99;
    private static final TestBlob BLOB = TestBlob.random(47, SIZE);
    private static final Executor OWN_THREAD = task -> new Thread(task, "reader").start();

    private final ScriptedProvider origin = new ScriptedProvider(Kind.ORIGIN);
    private final FixedKeys keys = new FixedKeys(BLOB);
    private Runnel client;

    private Runnel client() {
        client = Runnel.builder()
                .keySource(keys)
                .source(origin)
                .settings(FetchSettings.defaults().withStallTimeout(Duration.ofSeconds(20)))
                .build();
        return client;
    }

    @AfterEach
    void closeClient() {
        client.close();
        assertThat(keys.allWiped()).isTrue();
        Awaitility.await()
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("runnel-")));
    }

    private static Script all() {
        return Script.all(BLOB);
    }

    private static byte[] plain(long offset, int length) {
        return Arrays.copyOfRange(BLOB.plaintext(), (int) offset, (int) offset + length);
    }

    private static void assertFails(ThrowingCallable call, Reason reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FetchException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static byte[] readFully(SeekableByteChannel channel, int length) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(length);
        while (target.hasRemaining() && channel.read(target) >= 0) {
            assertThat(target.position()).isPositive();
        }
        return Arrays.copyOf(target.array(), target.position());
    }

    @Test
    void channel_readInOrder_isThePlaintext() throws IOException {
        origin.add("o", BLOB, all());
        try (Blob blob = client().open(BLOB.id());
                SeekableByteChannel channel = blob.channel()) {
            assertThat(channel.size()).isEqualTo(SIZE);
            assertThat(readFully(channel, SIZE + 10)).isEqualTo(BLOB.plaintext());
            assertThat(channel.position()).isEqualTo(SIZE);
            assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(channel.read(ByteBuffer.allocate(0))).isZero();
        }
    }

    @Test
    void channel_randomPositions_areThePlaintext() throws IOException {
        origin.add("o", BLOB, all());
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (Blob blob = client().open(BLOB.id());
                SeekableByteChannel channel = blob.channel()) {
            for (int i = 0; i < 200; i++) {
                // Some seeks stay within what is buffered, others leave it in both directions.
                long near = channel.position() + random.nextInt(200_000) - 100_000;
                long position = i % 2 == 0 ? random.nextInt(SIZE) : Math.max(0, Math.min(SIZE, near));
                int length = Math.min(random.nextInt(60_000), (int) (SIZE - position));
                assertThat(readFully(channel.position(position), length))
                        .as("seed %d", seed)
                        .isEqualTo(plain(position, length));
                assertThat(channel.position()).as("seed %d", seed).isEqualTo(position + length);
            }
        }
    }

    @Test
    void channel_positionBeyondTheEnd_readsNothing() throws IOException {
        origin.add("o", BLOB, all());
        try (Blob blob = client().open(BLOB.id());
                SeekableByteChannel channel = blob.channel()) {
            channel.position(SIZE + 5L * MIB);
            assertThat(channel.position()).isEqualTo(SIZE + 5L * MIB);
            assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(readFully(channel.position(SIZE - 1), 2)).isEqualTo(plain(SIZE - 1, 1));
            assertThatThrownBy(() -> channel.position(-1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void channel_writing_isRefused() throws IOException {
        try (Blob blob = client().open(BLOB.id());
                SeekableByteChannel channel = blob.channel()) {
            assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1)))
                    .isInstanceOf(NonWritableChannelException.class);
            assertThatThrownBy(() -> channel.truncate(0)).isInstanceOf(NonWritableChannelException.class);
        }
    }

    @Test
    void channel_afterClose_isClosed() throws IOException {
        try (Blob blob = client().open(BLOB.id())) {
            SeekableByteChannel channel = blob.channel();
            channel.close();
            channel.close();
            assertThat(channel.isOpen()).isFalse();
            assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(channel::position).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> channel.position(1)).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(channel::size).isInstanceOf(ClosedChannelException.class);
        }
    }

    @Test
    void channel_closedWhileAReadBlocks_failsTheReadAndCancels() throws IOException {
        ScriptedSource source = origin.add("o", BLOB, all().muteFrom(0));
        try (Blob blob = client().open(BLOB.id())) {
            SeekableByteChannel channel = blob.channel();
            CompletableFuture<Integer> read = CompletableFuture.supplyAsync(
                    () -> unchecked(() -> channel.read(ByteBuffer.allocate(1))), OWN_THREAD);
            Awaitility.await().until(() -> source.underWay() > 0);
            channel.close();
            assertThatThrownBy(read::join)
                    .hasRootCauseInstanceOf(FetchException.class)
                    .cause()
                    .cause()
                    .isInstanceOf(AsynchronousCloseException.class);
            Awaitility.await().until(() -> source.underWay() == 0);
        }
    }

    @Test
    void channel_beyondTheEndAndClosedByAnotherThread_isClosed() throws IOException {
        origin.add("o", BLOB, all());
        try (Blob blob = client().open(BLOB.id())) {
            for (int i = 0; i < 1000; i++) {
                SeekableByteChannel channel = blob.channel().position(blob.size() + 100);
                CompletableFuture<?> closed = CompletableFuture.runAsync(() -> close(channel));
                assertThatThrownBy(() -> {
                            while (true) {
                                assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
                            }
                        })
                        .isInstanceOf(ClosedChannelException.class);
                closed.join();
            }
        }
    }

    @Test
    void read_intoAReadOnlyBuffer_isRefusedBeforeAnythingIsFetched() throws IOException {
        ScriptedSource source = origin.add("o", BLOB, all());
        try (Blob blob = client().open(BLOB.id());
                SeekableByteChannel channel = blob.channel()) {
            assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1).asReadOnlyBuffer()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("read-only");
            assertThat(source.underWay()).isZero();
        }
    }

    @Test
    void skip_onAClosedStream_failsAsAReadDoes() throws IOException {
        origin.add("o", BLOB, all());
        try (Blob blob = client().open(BLOB.id())) {
            InputStream stream = blob.inputStream();
            stream.close();
            assertThatThrownBy(() -> stream.skip(10)).isInstanceOf(FetchException.class);
        }
    }

    @Test
    void position_elsewhere_cancelsWhatIsNoLongerWantedBeforeTheNextRead() throws IOException {
        ScriptedSource source = origin.add("o", BLOB, all().muteFrom(64));
        try (Blob blob = client().open(BLOB.id());
                SeekableByteChannel channel = blob.channel()) {
            assertThat(readFully(channel, MIB / 2)).isEqualTo(plain(0, MIB / 2));
            Awaitility.await().until(() -> source.underWay() > 0);
            channel.position(0);
            assertThat(source.underWay())
                    .as("what is ahead of 0 is still wanted")
                    .isPositive();
            channel.position(SIZE);
            Awaitility.await().until(() -> source.underWay() == 0);
        }
    }

    @Test
    void position_elsewhere_readsWhatIsThereThoughTheOldPlaceIsMute() throws IOException {
        ScriptedSource source = origin.add("o", BLOB, all().muteFrom(64));
        try (Blob blob = client().open(BLOB.id());
                SeekableByteChannel channel = blob.channel()) {
            channel.position(10L * MIB);
            CompletableFuture<Integer> first = CompletableFuture.supplyAsync(
                    () -> unchecked(() -> channel.read(ByteBuffer.allocate(1))), OWN_THREAD);
            Awaitility.await().until(() -> source.underWay() > 0);
            assertThat(first).isNotDone();
            try (SeekableByteChannel other = blob.channel()) {
                assertThat(readFully(other, 1000)).isEqualTo(plain(0, 1000));
            }
            source.heal();
            assertThat(first.join()).isEqualTo(1);
        }
    }

    @Test
    void skip_farAhead_cancelsWhatIsInBetween() throws IOException {
        ScriptedSource source = origin.add("o", BLOB, all().muteFrom(64));
        try (Blob blob = client().open(BLOB.id());
                InputStream in = blob.inputStream()) {
            assertThat(in.readNBytes(1000)).isEqualTo(plain(0, 1000));
            Awaitility.await().until(() -> source.underWay() > 0);
            assertThat(in.skip(SIZE)).isEqualTo(SIZE - 1000);
            assertThat(in.skip(1)).isZero();
            assertThat(in.read()).isEqualTo(-1);
            Awaitility.await().until(() -> source.underWay() == 0);
            long asked = source.asked();
            blob.read(new ByteRange(0, 1));
            assertThat(source.asked()).as("nothing else was wanted meanwhile").isEqualTo(asked);
        }
    }

    @Test
    void inputStream_range_readsItAndFetchesNoFurther() throws IOException {
        ScriptedSource source = origin.add("o", BLOB, all());
        try (Blob blob = client().open(BLOB.id());
                InputStream in = blob.inputStream(new ByteRange(5L * MIB, 2L * MIB))) {
            assertThat(in.readAllBytes()).isEqualTo(plain(5L * MIB, 2 * MIB));
            // 2 MiB, the group that the offset cuts, and the head with the nonce.
            assertThat(source.delivered()).isLessThanOrEqualTo(128 + 2);
        }
    }

    @Test
    void inputStream_hintsBeyondMeasure_readsAllTheSame() throws IOException {
        origin.add("o", BLOB, all());
        List<PlaybackHint> hints = List.of(
                new PlaybackHint(0, Duration.ofMillis(Long.MAX_VALUE)),
                new PlaybackHint(0, Duration.ofSeconds(Long.MAX_VALUE)),
                new PlaybackHint(Long.MAX_VALUE, Duration.ZERO),
                PlaybackHint.ofBytes(1, Long.MAX_VALUE));
        try (Blob blob = client().open(BLOB.id())) {
            for (int i = 0; i < hints.size(); i++) {
                Playback playback = new Playback();
                playback.report(hints.get(i));
                ByteRange range = new ByteRange(i * 4L * MIB, MIB);
                try (InputStream in = blob.inputStream(range, playback)) {
                    assertThat(in.readAllBytes()).isEqualTo(plain(range.offset(), MIB));
                }
            }
        }
    }

    @Test
    void inputStream_atItsEnd_staysThereUntilClosed() throws IOException {
        origin.add("o", BLOB, all());
        try (Blob blob = client().open(BLOB.id())) {
            InputStream in = blob.inputStream(SIZE - 1000);
            assertThat(in.readNBytes(1000)).isEqualTo(plain(SIZE - 1000, 1000));
            for (int i = 0; i < 2; i++) {
                assertThat(in.read()).isEqualTo(-1);
                assertThat(in.read(new byte[10])).isEqualTo(-1);
                assertThat(in.skip(1)).isZero();
                assertThat(in.available()).isZero();
            }
            in.close();
            in.close();
            assertFails(in::read, Reason.CLOSED);
            assertThat(blob.read(new ByteRange(0, 10))).isEqualTo(plain(0, 10));
        }
    }

    @Test
    void inputStream_closedMidway_failsLaterReadsAndCancels() throws IOException {
        ScriptedSource source = origin.add("o", BLOB, all().muteFrom(64));
        try (Blob blob = client().open(BLOB.id())) {
            InputStream in = blob.inputStream();
            assertThat(in.read()).isEqualTo(BLOB.plaintext()[0] & 0xff);
            in.close();
            in.close();
            assertThat(in.available()).isZero();
            assertFails(in::read, Reason.CLOSED);
            Awaitility.await().until(() -> source.underWay() == 0);
        }
    }

    @Test
    void read_interrupted_failsAndLeavesTheFlag() throws IOException {
        ScriptedSource source = origin.add("o", BLOB, all().muteFrom(0));
        try (Blob blob = client().open(BLOB.id());
                InputStream in = blob.inputStream()) {
            CompletableFuture<Boolean> flag = new CompletableFuture<>();
            Thread reader = new Thread(() -> {
                assertFails(in::read, Reason.CLOSED);
                flag.complete(Thread.currentThread().isInterrupted());
            });
            reader.start();
            Awaitility.await().until(() -> source.underWay() > 0);
            reader.interrupt();
            assertThat(flag.join()).isTrue();
        }
    }

    @Test
    void close_oneOfTwoHandles_endsItsReadersOnly() throws IOException {
        ScriptedSource source = origin.add("o", BLOB, all().muteFrom(0));
        Runnel runnel = client();
        try (Blob stays = runnel.open(BLOB.id())) {
            Blob goes = runnel.open(BLOB.id());
            CompletableFuture<ByteBuffer> ends = goes.readAsync(new ByteRange(0, 10));
            CompletableFuture<ByteBuffer> goesOn = stays.readAsync(new ByteRange(0, 10));
            InputStream stream = goes.inputStream();
            goes.close();
            assertFails(() -> Waiting.join(ends, "the read"), Reason.CLOSED);
            assertFails(stream::read, Reason.CLOSED);
            assertFails(() -> goes.read(new ByteRange(0, 10)), Reason.CLOSED);
            assertThat(goesOn).isNotDone();
            source.heal();
            assertThat(goesOn.join().array()).isEqualTo(plain(0, 10));
        }
    }

    private interface Call<T> {
        T call() throws IOException;
    }

    private static void close(SeekableByteChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T unchecked(Call<T> call) {
        try {
            return call.call();
        } catch (IOException e) {
            throw new CompletionException(new RuntimeException(e));
        }
    }
}
