package io.runnel.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link BlobSource} must do. An implementation's test extends this and says how to open one. */
public abstract class BlobSourceContract {
    private static final long LIMIT_SECONDS = 30;

    /** A source, ready to be asked, that holds all of the blob. */
    protected abstract BlobSource open(TestBlob blob) throws Exception;

    /** Detaches the source opened last, as the engine does when a blob is closed. */
    protected abstract void detach() throws Exception;

    /** Three groups and a short one, plus a larger blob that takes several messages or requests. */
    private static final TestBlob SMALL = TestBlob.random(1, 3 * TestBlob.GROUP_BYTES + 1000);

    private static final TestBlob LARGE = TestBlob.random(2, 5 * 1024 * 1024 + 77);

    @Test
    void info_always_isStableAndShort() throws Exception {
        BlobSource source = open(SMALL);
        assertThat(source.info()).isEqualTo(source.info());
        assertThat(source.info().id()).isNotBlank();
    }

    @Test
    void available_wholeBlobHeld_isAllGroups() throws Exception {
        assertThat(open(SMALL).available().containsAll(new GroupRange(0, SMALL.groups())))
                .isTrue();
    }

    @Test
    void fetch_wholeSmallBlob_deliversExactBytes() throws Exception {
        assertDelivers(open(SMALL), SMALL, new GroupRange(0, SMALL.groups()));
    }

    @Test
    void fetch_wholeLargeBlob_deliversExactBytes() throws Exception {
        assertDelivers(open(LARGE), LARGE, new GroupRange(0, LARGE.groups()));
    }

    @Test
    void fetch_middleGroups_deliversExactBytes() throws Exception {
        assertDelivers(open(LARGE), LARGE, new GroupRange(17, 101));
    }

    @Test
    void fetch_lastShortGroup_deliversExactBytes() throws Exception {
        assertDelivers(open(LARGE), LARGE, new GroupRange(LARGE.groups() - 1, LARGE.groups()));
    }

    @Test
    void fetch_blobOfOneByte_deliversExactBytes() throws Exception {
        TestBlob tiny = TestBlob.random(3, 1);
        assertDelivers(open(tiny), tiny, new GroupRange(0, 1));
    }

    @Test
    void fetch_severalAtOnce_eachDeliversItsOwn() throws Exception {
        BlobSource source = open(LARGE);
        List<Collector> collectors = new ArrayList<>();
        for (long first = 0; first < 160; first += 40) {
            collectors.add(Collector.fetch(source, new GroupRange(first, first + 40)));
        }
        for (Collector collector : collectors) {
            assertThat(collector.await()).isNull();
            assertThat(collector.bytes()).isEqualTo(LARGE.groups(collector.range));
        }
    }

    @Test
    void fetch_emptyRange_isRefused() throws Exception {
        BlobSource source = open(SMALL);
        assertThatThrownBy(() -> Collector.fetch(source, new GroupRange(1, 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fetch_beyondTheBlob_isRefused() throws Exception {
        BlobSource source = open(SMALL);
        assertThatThrownBy(() -> Collector.fetch(source, new GroupRange(0, SMALL.groups() + 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fetch_cancelled_endsOnceAndWhatCameIsRight() throws Exception {
        BlobSource source = open(LARGE);
        Collector collector = Collector.fetch(source, new GroupRange(0, LARGE.groups()));
        collector.cancel();
        collector.cancel();
        collector.await();
        byte[] came = collector.bytes();
        assertThat(came).isEqualTo(Arrays.copyOf(LARGE.bytes(), came.length));
        assertThat(collector.ends()).isEqualTo(1);
    }

    @Test
    void tree_wholeOutboard_isExact() throws Exception {
        BlobSource source = open(LARGE);
        ByteBuffer nodes = source.tree(0, LARGE.outboard().length).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(bytes(nodes)).isEqualTo(LARGE.outboard());
    }

    @Test
    void tree_middleStretch_isExact() throws Exception {
        BlobSource source = open(LARGE);
        ByteBuffer nodes = source.tree(640, 1280).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(bytes(nodes)).isEqualTo(Arrays.copyOfRange(LARGE.outboard(), 640, 1920));
    }

    @Test
    void tree_crookedStretch_isRefused() throws Exception {
        BlobSource source = open(LARGE);
        assertThatThrownBy(() -> source.tree(1, 64)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> source.tree(0, 63)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> source.tree(0, BlobSource.MAX_TREE_BYTES + 64))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fetch_afterDetach_failsWithClosed() throws Exception {
        BlobSource source = open(SMALL);
        detach();
        SourceException failure = Collector.fetch(source, new GroupRange(0, 1)).await();
        assertThat(failure).isNotNull();
        assertThat(failure.reason()).isEqualTo(SourceException.Reason.CLOSED);
    }

    @Test
    void tree_afterDetach_failsWithClosed() throws Exception {
        BlobSource source = open(SMALL);
        detach();
        assertThatThrownBy(() -> source.tree(0, 64).get(LIMIT_SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        SourceException.class,
                        failure -> assertThat(failure.reason()).isEqualTo(SourceException.Reason.CLOSED));
    }

    private static void assertDelivers(BlobSource source, TestBlob blob, GroupRange range) throws Exception {
        Collector collector = Collector.fetch(source, range);
        assertThat(collector.await()).isNull();
        assertThat(collector.bytes()).isEqualTo(blob.groups(range));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** Receives a fetch and checks its manners: ascending whole groups, one call at a time, one end. */
    private static final class Collector implements BlobSource.GroupReceiver {
        final GroupRange range;
        private final List<byte[]> pieces = new ArrayList<>();
        private final CountDownLatch ended = new CountDownLatch(1);
        private BlobSource.@Nullable Transfer transfer;
        private long next;
        private int ends;
        private @Nullable SourceException failure;
        private @Nullable String rudeness;

        private Collector(GroupRange range) {
            this.range = range;
            this.next = range.first();
        }

        static Collector fetch(BlobSource source, GroupRange range) {
            Collector collector = new Collector(range);
            collector.transfer = source.fetch(range, collector);
            return collector;
        }

        void cancel() {
            transfer.cancel();
        }

        @Override
        public synchronized void received(long firstGroup, ByteBuffer bytes) {
            if (firstGroup != next || ends > 0 || !bytes.hasRemaining()) {
                rudeness = "received group " + firstGroup + " when " + next + " was due, after " + ends + " ends";
            }
            int length = bytes.remaining();
            next += (length + TestBlob.GROUP_BYTES - 1) / TestBlob.GROUP_BYTES;
            if (length % TestBlob.GROUP_BYTES != 0 && next != range.end()) {
                rudeness = "received " + length + " bytes, not whole groups";
            }
            pieces.add(bytes(bytes));
        }

        @Override
        public synchronized void completed() {
            ends++;
            if (next != range.end()) {
                rudeness = "completed at group " + next;
            }
            ended.countDown();
        }

        @Override
        public synchronized void failed(SourceException why) {
            ends++;
            failure = why;
            ended.countDown();
        }

        @Nullable SourceException await() throws InterruptedException, TimeoutException {
            if (!ended.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new TimeoutException("the fetch did not end");
            }
            synchronized (this) {
                assertThat(rudeness).isNull();
                return failure;
            }
        }

        synchronized int ends() {
            return ends;
        }

        synchronized byte[] bytes() {
            ByteBuffer all = ByteBuffer.allocate(
                    pieces.stream().mapToInt(piece -> piece.length).sum());
            pieces.forEach(all::put);
            return all.array();
        }

        private static byte[] bytes(ByteBuffer buffer) {
            return BlobSourceContract.bytes(buffer);
        }
    }
}
