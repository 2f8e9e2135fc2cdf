package io.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.store.ScriptedFiles.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The disk is full, or does not do what it is asked. */
class DiskFaultsTest {
    private static final BlobId ID = TestBytes.id(1);
    private static final long SIZE = 16 << 20;
    private static final DiskStoreSettings SETTINGS =
            DiskStoreSettings.defaults().withMemoryBytes(4 << 20);

    private final ScriptedFiles files = new ScriptedFiles();
    private long nanos;
    private DiskBlobStore store;

    private StoredBlob open() throws IOException {
        store = DiskBlobStore.open(files, SETTINGS, () -> nanos);
        return store.open(ID, SIZE);
    }

    @AfterEach
    void close() throws IOException {
        try {
            store.close();
        } catch (IOException expected) {
            // A disk that takes no writes to the end.
        }
        assertThat(files.isClosed()).isTrue();
    }

    private static void putEach(StoredBlob blob, int from, int end) throws IOException {
        for (int group = from; group < end; group++) {
            TestBytes.put(blob, ID, new GroupRange(group, group + 1));
            assertThat(TestBytes.reads(blob, ID, new GroupRange(group, group + 1)))
                    .as("group %d just put", group)
                    .isTrue();
        }
    }

    @Test
    void put_diskFull_keepsWhatItHasGivesWhatIsPutAndStaysWithinItsMemory() throws IOException {
        files.capacity(TestBytes.MIB);
        StoredBlob blob = open();
        putEach(blob, 0, 1024);
        GroupSet held = TestBytes.readAllHeld(blob, ID);
        long onDisk = held.runEnd(0);
        assertThat(onDisk).as("groups on the disk").isBetween(50L, 64L);
        assertThat(held.runEnd(800)).as("the newest, in memory").isEqualTo(1024);
        assertThat(held.count() - onDisk).as("groups in memory").isLessThanOrEqualTo((4 << 20) / TestBytes.GROUP);
        assertThatThrownBy(store::close)
                .hasMessageContainingAll("in memory only", "scripted folder", "No space left on device", "make room");
        try (DiskBlobStore next = DiskBlobStore.open(files.afterKill(), SETTINGS, () -> nanos);
                StoredBlob again = next.open(ID, SIZE)) {
            assertThat(TestBytes.readAllHeld(again, ID)).isEqualTo(GroupSet.all(onDisk));
        }
    }

    @Test
    void pins_diskIsFull_keepWhatTheyCoverWhateverElseIsPut() throws IOException {
        files.capacity(TestBytes.MIB);
        open().close();
        assertThat(store.pinnableBytes()).isEqualTo(3 << 20);
        PinnedPages.check(store);
    }

    @Test
    void put_noRoomForAFileAtAll_leavesNoneBehind() throws IOException {
        files.capacity(100_000);
        StoredBlob blob = open();
        for (int group = 0; group < 10; group++) {
            putEach(blob, group, group + 1);
            nanos += DiskHealth.RETRY_NANOS;
        }
        assertThat(files.names()).isEmpty();
        assertThat(store.usedBytes()).isZero();
    }

    @Test
    void put_diskFullThenRoom_isOnTheDiskWithWhatMemoryHeld() throws IOException {
        files.capacity(TestBytes.MIB);
        StoredBlob blob = open();
        putEach(blob, 0, 200);
        assertThat(blob.held()).isEqualTo(GroupSet.all(200));
        files.capacity(Long.MAX_VALUE);
        putEach(blob, 200, 201);
        assertThatThrownBy(blob::flush).hasMessageContaining("in memory only");
        nanos += DiskHealth.RETRY_NANOS;
        putEach(blob, 201, 202);
        blob.flush();
        assertThat(TestBytes.readAllHeld(blob, ID)).isEqualTo(GroupSet.all(202));
        try (DiskBlobStore next = DiskBlobStore.open(files.afterKill(), SETTINGS, () -> nanos);
                StoredBlob again = next.open(ID, SIZE)) {
            assertThat(TestBytes.readAllHeld(again, ID)).isEqualTo(GroupSet.all(202));
        }
    }

    @Test
    void put_diskFullAndMemoryFullOfAnotherBlob_keepsTheNewest() throws IOException {
        files.capacity(0);
        StoredBlob blob = open();
        putEach(blob, 0, 1);
        BlobId otherId = TestBytes.id(2);
        try (StoredBlob other = store.open(otherId, SIZE)) {
            TestBytes.put(other, otherId, new GroupRange(0, 255));
            assertThat(blob.held()).isEqualTo(GroupSet.all(1));
            putEach(blob, 1, 2);
            TestBytes.put(other, otherId, new GroupRange(255, 257));
            putEach(blob, 2, 3);
            TestBytes.readAllHeld(other, otherId);
            assertThat(TestBytes.readAllHeld(blob, ID).contains(2)).isTrue();
        }
    }

    @Test
    void put_diskFull_isTriedOnceASecondOnly() throws IOException {
        files.capacity(0);
        StoredBlob blob = open();
        for (int second = 0; second < 5; second++) {
            putEach(blob, 0, 64);
            nanos += DiskHealth.RETRY_NANOS;
        }
        assertThat(files.count(Step.WRITE)).isEqualTo(5);
        assertThat(blob.held()).isEqualTo(GroupSet.all(64));
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"CREATE", "WRITE", "FORCE"})
    void put_stepFailsForAWhile_losesNothing(Step step) throws IOException {
        StoredBlob blob = open();
        putEach(blob, 0, 20);
        TestBytes.putParents(blob, ID, new GroupRange(0, 100));
        files.fail(step);
        nanos += Flusher.EVERY_NANOS;
        putEach(blob, 20, 150);
        TestBytes.putParents(blob, ID, new GroupRange(100, 200));
        assertThat(TestBytes.readAllHeld(blob, ID)).isEqualTo(GroupSet.all(150));
        assertThat(TestBytes.readsParents(blob, ID, new GroupRange(0, 200))).isTrue();
        files.mend(step);
        nanos += DiskHealth.RETRY_NANOS;
        putEach(blob, 150, 160);
        blob.flush();
        try (DiskBlobStore next = DiskBlobStore.open(files.afterKill(), SETTINGS, () -> nanos);
                StoredBlob again = next.open(ID, SIZE)) {
            assertThat(TestBytes.readAllHeld(again, ID)).isEqualTo(GroupSet.all(160));
            assertThat(TestBytes.readsParents(again, ID, new GroupRange(0, 200)))
                    .isTrue();
        }
    }

    @Test
    void put_forcesFailForGood_recordsClaimNothingOfIt() throws IOException {
        StoredBlob blob = open();
        putEach(blob, 0, 20);
        blob.flush();
        files.fail(Step.FORCE);
        for (int group = 20; group < 100; group++) {
            putEach(blob, group, group + 1);
            nanos += DiskHealth.RETRY_NANOS;
        }
        assertThatThrownBy(blob::flush).isInstanceOf(IOException.class);
        assertThat(TestBytes.readAllHeld(blob, ID)).isEqualTo(GroupSet.all(100));
        try (DiskBlobStore next = DiskBlobStore.open(files.afterKill(), SETTINGS, () -> nanos);
                StoredBlob again = next.open(ID, SIZE)) {
            assertThat(TestBytes.readAllHeld(again, ID)).isEqualTo(GroupSet.all(20));
        }
    }

    @Test
    void read_diskCannotRead_isNotHeldAndFetchedAnew() throws IOException {
        StoredBlob blob = open();
        putEach(blob, 0, 20);
        files.fail(Step.READ);
        assertThat(TestBytes.reads(blob, ID, new GroupRange(0, 20))).isFalse();
        assertThat(blob.held().isEmpty()).isTrue();
        files.mend(Step.READ);
        putEach(blob, 0, 20);
        assertThat(TestBytes.readAllHeld(blob, ID)).isEqualTo(GroupSet.all(20));
    }

    @Test
    void open_pageBegunAnewAfterItsPlaceWasGivenUp_holdsWhatWasFlushed() throws IOException {
        StoredBlob blob = open();
        putEach(blob, 0, 10);
        blob.flush();
        files.fail(Step.READ);
        assertThat(TestBytes.reads(blob, ID, new GroupRange(0, 1))).isFalse();
        files.mend(Step.READ);
        files.fail(Step.FORCE);
        putEach(blob, 10, 11);
        assertThatThrownBy(blob::flush).isInstanceOf(IOException.class);
        files.mend(Step.FORCE);
        nanos += DiskHealth.RETRY_NANOS;
        putEach(blob, 0, 64);
        blob.flush();
        try (DiskBlobStore next = DiskBlobStore.open(files.afterKill(), SETTINGS, () -> nanos);
                StoredBlob again = next.open(ID, SIZE)) {
            assertThat(TestBytes.readAllHeld(again, ID)).isEqualTo(GroupSet.all(64));
        }
    }

    @Test
    void open_filesCannotBeRead_leavesThemAlone() throws IOException {
        StoredBlob blob = open();
        putEach(blob, 0, 10);
        store.close();
        ScriptedFiles disk = files.afterKill();
        disk.fail(Step.READ);
        try (DiskBlobStore unwell = DiskBlobStore.open(disk, SETTINGS, () -> nanos);
                StoredBlob nothing = unwell.open(ID, SIZE)) {
            assertThat(nothing.held().isEmpty()).isTrue();
        }
        disk.mend(Step.READ);
        try (DiskBlobStore well = DiskBlobStore.open(disk.afterKill(), SETTINGS, () -> nanos);
                StoredBlob again = well.open(ID, SIZE)) {
            assertThat(TestBytes.readAllHeld(again, ID)).isEqualTo(GroupSet.all(10));
        }
    }

    @Test
    void open_damagedFileCannotBeDeleted_isLeftAloneAndTheStoreIsUsed() throws IOException {
        StoredBlob blob = open();
        putEach(blob, 0, 10);
        store.close();
        ScriptedFiles disk = files.afterKill();
        Arrays.fill(disk.onlyContent(), 0, (int) Segment.HEADER_BYTES, (byte) 0);
        disk.fail(Step.DELETE);
        try (DiskBlobStore unwell = DiskBlobStore.open(disk, SETTINGS, () -> nanos);
                StoredBlob again = unwell.open(ID, SIZE)) {
            assertThat(again.held().isEmpty()).isTrue();
            assertThat(unwell.usedBytes()).isZero();
            putEach(again, 20, 30);
            again.flush();
        }
        assertThat(disk.names()).hasSize(2);
        disk.mend(Step.DELETE);
        ScriptedFiles next = disk.afterKill();
        try (DiskBlobStore well = DiskBlobStore.open(next, SETTINGS, () -> nanos);
                StoredBlob again = well.open(ID, SIZE)) {
            assertThat(TestBytes.readAllHeld(again, ID)).isEqualTo(GroupSet.of(new GroupRange(20, 30)));
        }
        assertThat(next.names()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"WRITE", "FORCE"})
    void put_oneFileIsBroken_goesOnInOthers(Step step) throws IOException {
        StoredBlob blob = open();
        putEach(blob, 0, 10);
        blob.flush();
        SegmentName broken = files.names().get(0);
        files.failOnly(step, broken);
        for (int group = 10; group < 200; group++) {
            putEach(blob, group, group + 1);
            nanos += Flusher.EVERY_NANOS;
        }
        blob.flush();
        assertThat(TestBytes.readAllHeld(blob, ID)).isEqualTo(GroupSet.all(200));
        try (DiskBlobStore next = DiskBlobStore.open(files.afterKill(), SETTINGS, () -> nanos);
                StoredBlob again = next.open(ID, SIZE)) {
            assertThat(TestBytes.readAllHeld(again, ID)).isEqualTo(GroupSet.all(200));
        }
    }

    @Test
    void put_aFileBrokeAndTheDiskIsWellAgain_losesNothingThatWasFlushed() throws IOException {
        StoredBlob blob = open();
        int pages = 10;
        for (int page = 0; page < pages; page++) {
            TestBytes.put(blob, ID, new GroupRange(64L * page, 64L * page + 63));
        }
        blob.flush();
        files.fail(Step.WRITE);
        for (int group = 64 * pages; group < 64 * pages + 2; group++) {
            putEach(blob, group, group + 1);
            nanos += DiskHealth.RETRY_NANOS;
        }
        files.mend(Step.WRITE);
        for (int page = 0; page < pages; page++) {
            putEach(blob, 64 * page + 63, 64 * page + 64);
        }
        nanos += Flusher.EVERY_NANOS;
        putEach(blob, 64 * pages + 2, 64 * pages + 3);
        assertThat(TestBytes.readAllHeld(blob, ID)).isEqualTo(GroupSet.all(64 * pages + 3));
        try (DiskBlobStore next = DiskBlobStore.open(files.afterKill(), SETTINGS, () -> nanos);
                StoredBlob again = next.open(ID, SIZE)) {
            assertThat(TestBytes.readAllHeld(again, ID).runEnd(0)).isGreaterThanOrEqualTo(64L * pages);
        }
    }

    @Test
    void flush_memoryMakesRoomMeanwhile_losesOnlyWhatHadToGo() throws IOException {
        StoredBlob blob = open();
        BlobId other = TestBytes.id(2);
        StoredBlob another = store.open(other, SIZE);
        files.capacity(0);
        putEach(blob, 0, 256);
        nanos += DiskHealth.RETRY_NANOS;
        files.capacity(Long.MAX_VALUE);
        AtomicInteger writes = new AtomicInteger();
        // The first writes are a new file's header, and then the first page.
        files.before(Step.WRITE, () -> {
            if (writes.incrementAndGet() == 2) {
                CompletableFuture.runAsync(() -> putWhileFull(another, other)).join();
            }
        });
        try (StoredBlob.Pin pinned = blob.pin(new GroupRange(0, 256))) {
            blob.flush();
        }
        assertThat(TestBytes.readAllHeld(blob, ID).count() + another.held().count())
                .isGreaterThanOrEqualTo(256);
    }

    private void putWhileFull(StoredBlob another, BlobId other) {
        files.capacity(0);
        try {
            TestBytes.put(another, other, new GroupRange(0, 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        files.capacity(Long.MAX_VALUE);
        nanos += DiskHealth.RETRY_NANOS;
    }

    @Test
    void put_filesCannotBeDeletedAtTheBound_keepsThemAndGoesOnInMemory() throws IOException {
        store = DiskBlobStore.open(files, SETTINGS.withMaxBytes(32 << 20), () -> nanos);
        StoredBlob blob = store.open(ID, 64L << 20);
        files.fail(Step.DELETE);
        putEach(blob, 0, 2048);
        assertThat(store.usedBytes()).isLessThanOrEqualTo(32 << 20);
        long onDisk = TestBytes.readAllHeld(blob, ID).runEnd(0);
        assertThat(onDisk).isGreaterThan(1500);
        files.mend(Step.DELETE);
        nanos += DiskHealth.RETRY_NANOS;
        putEach(blob, 2048, 2200);
        blob.flush();
        assertThat(store.usedBytes()).isLessThanOrEqualTo(32 << 20);
        assertThat(blob.held().contains(0)).isFalse();
    }

    @Test
    void close_blobHeldInMemoryOnly_isGivenToTheNextHandle() throws IOException {
        files.capacity(0);
        StoredBlob blob = open();
        putEach(blob, 0, 10);
        blob.close();
        try (StoredBlob again = store.open(ID, SIZE)) {
            assertThat(TestBytes.readAllHeld(again, ID)).isEqualTo(GroupSet.all(10));
        }
    }

    @Test
    void close_diskFull_saysWhatIsLostAndLetsGo() throws IOException {
        files.capacity(0);
        putEach(open(), 0, 10);
        assertThatThrownBy(store::close)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("163840 bytes are in memory only");
        store.close();
        assertThat(files.isClosed()).isTrue();
    }
}
