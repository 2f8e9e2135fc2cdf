package io.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One bit on the disk is not what was written, in each kind of place there is. */
class FlippedByteTest {
    private static final BlobId ID = TestBytes.id(1);
    private static final long SIZE = 5 * TestBytes.GROUP + 100;
    private static final GroupRange ALL = new GroupRange(0, 6);
    private static final GroupRange PARENTS = new GroupRange(0, 5);
    private static final DiskStoreSettings SETTINGS = DiskStoreSettings.defaults();

    private ScriptedFiles files = new ScriptedFiles();

    private static DiskBlobStore open(ScriptedFiles files) throws IOException {
        return DiskBlobStore.open(files, SETTINGS, System::nanoTime);
    }

    /** A store on disk with one blob: its first half in the older record, all of it in the newer. */
    private ScriptedFiles filled() throws IOException {
        try (DiskBlobStore store = open(files);
                StoredBlob blob = store.open(ID, SIZE)) {
            TestBytes.put(blob, ID, new GroupRange(0, 3));
            blob.flush();
            TestBytes.put(blob, ID, new GroupRange(3, 6));
            TestBytes.putParents(blob, ID, PARENTS);
        }
        return files.afterKill();
    }

    /** Every byte of both records, and the first, a middle and the last byte of every group and parent. */
    private static List<Integer> places(ScriptedFiles filled) {
        List<Integer> places = new ArrayList<>();
        for (int slot : new int[] {0, SegmentRecord.SLOT_BYTES}) {
            for (int i = 0; i < 220; i++) {
                places.add(slot + i);
            }
        }
        int data = (int) Segment.HEADER_BYTES;
        for (int group = 0; group < 6; group++) {
            int length = group == 5 ? 100 : TestBytes.GROUP;
            int start = data + group * TestBytes.GROUP;
            places.addAll(List.of(start, start + length / 2, start + length - 1));
        }
        int parents = (int) (data + SIZE);
        for (int parent = 0; parent < 5; parent++) {
            int start = parents + parent * 64;
            places.addAll(List.of(start, start + 31, start + 63));
        }
        assertThat(parents + 5 * 64).as("the layout is as this test believes").isEqualTo(filled.onlySize());
        return places;
    }

    @Test
    void reopen_anyByteFlipped_givesNothingWrongAndTakesEverythingAnew() throws IOException {
        ScriptedFiles filled = filled();
        for (int place : places(filled)) {
            ScriptedFiles damaged = filled.afterKill();
            damaged.onlyContent()[place] ^= 0x10;
            try (DiskBlobStore store = open(damaged);
                    StoredBlob blob = store.open(ID, SIZE)) {
                int given = readEach(blob);
                assertThat(given).as("units given with byte %d flipped", place).isBetween(3, 11);
                assertThat(blob.held().count()).isLessThanOrEqualTo(given);
                putAndReadAll(blob);
            }
            try (DiskBlobStore store = open(damaged.afterKill());
                    StoredBlob blob = store.open(ID, SIZE)) {
                assertThat(readEach(blob))
                        .as("after byte %d was put anew", place)
                        .isEqualTo(11);
            }
        }
    }

    @Test
    void read_byteFlippedWhileOpen_dropsThatUnitAloneAndTakesItAnew() throws IOException {
        filled();
        try (DiskBlobStore store = open(files);
                StoredBlob blob = store.open(ID, SIZE)) {
            assertThat(readEach(blob)).isEqualTo(11);
            files.onlyContent()[(int) Segment.HEADER_BYTES + 2 * TestBytes.GROUP + 77] ^= 1;
            assertThat(TestBytes.reads(blob, ID, ALL)).isFalse();
            assertThat(blob.held().runs()).containsExactly(new GroupRange(0, 2), new GroupRange(3, 6));
            TestBytes.put(blob, ID, new GroupRange(2, 3));
            assertThat(TestBytes.reads(blob, ID, ALL)).isTrue();
        }
    }

    @Test
    void read_samePlaceDamagedAgain_isPutElsewhere() throws IOException {
        filled();
        try (DiskBlobStore store = open(files);
                StoredBlob blob = store.open(ID, SIZE)) {
            int place = (int) Segment.HEADER_BYTES + 77;
            for (int times = 0; times < 3; times++) {
                files.onlyContent()[place] ^= 1;
                TestBytes.reads(blob, ID, ALL);
                TestBytes.put(blob, ID, ALL);
                assertThat(TestBytes.reads(blob, ID, ALL)).isTrue();
            }
            // A place that alters whatever is written there is not used any more.
            files.onlyContent()[place] ^= 1;
            assertThat(TestBytes.reads(blob, ID, ALL)).isTrue();
        }
    }

    @Test
    void reopen_bothRecordsDamaged_startsAnew() throws IOException {
        ScriptedFiles damaged = filled();
        damaged.onlyContent()[5] ^= 1;
        damaged.onlyContent()[SegmentRecord.SLOT_BYTES + 5] ^= 1;
        try (DiskBlobStore store = open(damaged);
                StoredBlob blob = store.open(ID, SIZE)) {
            assertThat(blob.held().isEmpty()).isTrue();
            assertThat(damaged.names()).isEmpty();
            assertThat(store.usedBytes()).isZero();
            putAndReadAll(blob);
        }
    }

    @Test
    void reopen_fileCutOff_holdsWhatIsLeft() throws IOException {
        ScriptedFiles filled = filled();
        for (int size = 0; size <= filled.onlySize(); size += 1000) {
            ScriptedFiles cut = filled.afterKill();
            cut.truncateOnly(size);
            try (DiskBlobStore store = open(cut);
                    StoredBlob blob = store.open(ID, SIZE)) {
                long whole = Math.max(0, size - Segment.HEADER_BYTES) / TestBytes.GROUP;
                assertThat(TestBytes.readAllHeld(blob, ID)).isEqualTo(GroupSet.all(Math.min(whole, 5)));
                putAndReadAll(blob);
            }
        }
    }

    /** How many groups and parents the store gives, each of them right. */
    private static int readEach(StoredBlob blob) throws IOException {
        int given = 0;
        for (long group = 0; group < 6; group++) {
            given += TestBytes.reads(blob, ID, new GroupRange(group, group + 1)) ? 1 : 0;
        }
        for (long parent = 0; parent < 5; parent++) {
            given += TestBytes.readsParents(blob, ID, new GroupRange(parent, parent + 1)) ? 1 : 0;
        }
        return given;
    }

    private static void putAndReadAll(StoredBlob blob) throws IOException {
        TestBytes.put(blob, ID, ALL);
        TestBytes.putParents(blob, ID, PARENTS);
        assertThat(readEach(blob)).isEqualTo(11);
    }
}
