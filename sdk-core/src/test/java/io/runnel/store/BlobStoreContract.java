package io.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link BlobStore} must do. An implementation's test extends this and says how to make one. */
public abstract class BlobStoreContract {
    private static final int MIB = 1 << 20;
    private static final int GROUP = 16 * 1024;
    private static final int SIZE = 10 * GROUP + 1234;
    private static final BlobId ID = BlobId.of(filled(32, 1));
    private static final BlobId OTHER = BlobId.of(filled(32, 2));

    private final byte[] content = random(SIZE);
    private final byte[] filling = random(MIB);
    private BlobStore store;

    /** A store with room for several mebibytes, empty or, called again in one test, as it was left. */
    protected abstract BlobStore create() throws IOException;

    @BeforeEach
    void createStore() throws IOException {
        store = create();
    }

    @AfterEach
    void closeStore() throws IOException {
        store.close();
    }

    /** The most the store may keep, in bytes. */
    protected abstract long boundBytes();

    /** Closes the store and makes it anew over the same place. */
    protected final BlobStore recreate() throws IOException {
        store.close();
        store = create();
        return store;
    }

    /** The store under test. */
    protected final BlobStore store() {
        return store;
    }

    @Test
    void open_newBlob_holdsNothing() throws IOException {
        try (StoredBlob blob = store.open(ID, SIZE)) {
            assertThat(blob.held()).isEqualTo(GroupSet.empty());
            assertThat(blob.sizeBytes()).isEqualTo(SIZE);
            assertThat(blob.readGroups(new GroupRange(0, 1), ByteBuffer.allocate(GROUP)))
                    .isFalse();
        }
    }

    @Test
    void putGroups_middle_readsBackAndNothingElse() throws IOException {
        try (StoredBlob blob = store.open(ID, SIZE)) {
            blob.putGroups(3, groups(3, 6));
            assertThat(blob.held()).isEqualTo(GroupSet.of(new GroupRange(3, 6)));
            assertThat(read(blob, 4, 6)).isEqualTo(bytes(4, 6));
            assertThat(blob.readGroups(new GroupRange(2, 4), ByteBuffer.allocate(2 * GROUP)))
                    .isFalse();
        }
    }

    @Test
    void putGroups_lastShortGroup_readsBack() throws IOException {
        try (StoredBlob blob = store.open(ID, SIZE)) {
            blob.putGroups(10, groups(10, 11));
            assertThat(read(blob, 10, 11)).isEqualTo(bytes(10, 11));
        }
    }

    @Test
    void putGroups_all_holdsAll() throws IOException {
        try (StoredBlob blob = store.open(ID, SIZE)) {
            blob.putGroups(0, groups(0, 11));
            assertThat(blob.held()).isEqualTo(GroupSet.all(11));
            assertThat(read(blob, 0, 11)).isEqualTo(content);
        }
    }

    @Test
    void putGroups_crookedLength_isRefusedAndNothingHeld() throws IOException {
        try (StoredBlob blob = store.open(ID, SIZE)) {
            assertThatThrownBy(() -> blob.putGroups(0, ByteBuffer.allocate(GROUP - 1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> blob.putGroups(10, ByteBuffer.allocate(GROUP)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(blob.held()).isEqualTo(GroupSet.empty());
        }
    }

    @Test
    void putGroups_leavesTheLimitAndConsumes() throws IOException {
        try (StoredBlob blob = store.open(ID, SIZE)) {
            ByteBuffer piece = groups(0, 2);
            blob.putGroups(0, piece);
            assertThat(piece.hasRemaining()).isFalse();
        }
    }

    @Test
    void putTree_stretch_readsBackAndNothingElse() throws IOException {
        try (StoredBlob blob = store.open(ID, SIZE)) {
            byte[] nodes = random(192);
            blob.putTree(128, ByteBuffer.wrap(nodes));
            ByteBuffer target = ByteBuffer.allocate(128);
            assertThat(blob.readTree(192, target)).isTrue();
            assertThat(target.array()).isEqualTo(Arrays.copyOfRange(nodes, 64, 192));
            assertThat(blob.readTree(64, ByteBuffer.allocate(128))).isFalse();
        }
    }

    @Test
    void open_twice_bothSeeTheSame() throws IOException {
        try (StoredBlob one = store.open(ID, SIZE);
                StoredBlob two = store.open(ID, SIZE)) {
            one.putGroups(0, groups(0, 1));
            assertThat(two.held()).isEqualTo(GroupSet.all(1));
            one.close();
            assertThat(read(two, 0, 1)).isEqualTo(bytes(0, 1));
        }
    }

    @Test
    void open_anotherBlob_isApart() throws IOException {
        try (StoredBlob one = store.open(ID, SIZE);
                StoredBlob other = store.open(OTHER, SIZE)) {
            one.putGroups(0, groups(0, 1));
            assertThat(other.held().isEmpty()).isTrue();
        }
    }

    @Test
    void open_otherSizeWhileOpen_isRefused() throws IOException {
        try (StoredBlob blob = store.open(ID, SIZE)) {
            blob.putGroups(0, groups(0, 1));
            assertThatThrownBy(() -> store.open(ID, SIZE + 1)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void use_afterClose_fails() throws IOException {
        StoredBlob blob = store.open(ID, SIZE);
        blob.close();
        blob.close();
        assertThatThrownBy(() -> blob.putGroups(0, groups(0, 1))).isInstanceOf(IOException.class);
        store.close();
        store.close();
        assertThatThrownBy(() -> store.open(ID, SIZE)).isInstanceOf(IOException.class);
    }

    @Test
    void put_fromSeveralThreads_allIsHeld() throws Exception {
        try (StoredBlob blob = store.open(ID, SIZE)) {
            CompletableFuture<?>[] puts = new CompletableFuture<?>[11];
            for (int i = 0; i < puts.length; i++) {
                int group = i;
                puts[i] = CompletableFuture.runAsync(() -> put(blob, group));
            }
            CompletableFuture.allOf(puts).get(30, TimeUnit.SECONDS);
            assertThat(read(blob, 0, 11)).isEqualTo(content);
        }
    }

    @Test
    void groups_outsideTheBlob_areRefused() throws IOException {
        try (StoredBlob blob = store.open(ID, SIZE)) {
            for (long group : new long[] {-1, 11, 1L << 50, Long.MAX_VALUE}) {
                assertThatThrownBy(() -> blob.putGroups(group, ByteBuffer.allocate(GROUP)))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            GroupRange beyond = new GroupRange(1L << 50, (1L << 50) + 1);
            assertThatThrownBy(() -> blob.readGroups(beyond, ByteBuffer.allocate(GROUP)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> blob.putTree(32, ByteBuffer.allocate(64)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> blob.putTree(10 * 64, ByteBuffer.allocate(64)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void putGroups_again_changesNothing() throws IOException {
        try (StoredBlob blob = store.open(ID, SIZE)) {
            blob.putGroups(2, groups(2, 4));
            blob.putGroups(0, groups(0, 5));
            blob.putGroups(1, groups(1, 2));
            assertThat(blob.held()).isEqualTo(GroupSet.all(5));
            assertThat(read(blob, 0, 5)).isEqualTo(bytes(0, 5));
        }
    }

    @Test
    void readGroups_directBuffersAndOffsets_areFilledWhereTheyAre() throws IOException {
        try (StoredBlob blob = store.open(ID, SIZE)) {
            ByteBuffer source = ByteBuffer.allocateDirect(3 * GROUP + 5).position(5);
            source.put(bytes(1, 4)).position(5);
            blob.putGroups(1, source);
            ByteBuffer target = ByteBuffer.allocateDirect(GROUP + 7).position(7);
            assertThat(blob.readGroups(new GroupRange(2, 3), target)).isTrue();
            assertThat(target.flip().position(7)).isEqualTo(groups(2, 3));
        }
    }

    @Test
    void open_otherSizeOnceClosed_startsAnew() throws IOException {
        try (StoredBlob blob = store.open(ID, SIZE)) {
            blob.putGroups(0, groups(0, 11));
        }
        try (StoredBlob blob = store.open(ID, SIZE + 1)) {
            assertThat(blob.held().isEmpty()).isTrue();
            blob.putGroups(0, groups(0, 1));
            assertThat(read(blob, 0, 1)).isEqualTo(bytes(0, 1));
        }
    }

    @Test
    void put_beyondTheBound_dropsTheOldestAndKeepsTheNewest() throws IOException {
        long kept = 0;
        int blobs = fill(2 * boundBytes());
        for (int i = 0; i < blobs; i++) {
            try (StoredBlob blob = store.open(filler(i), MIB)) {
                kept += blob.held().count() * GROUP;
                if (i == 0) {
                    assertThat(blob.held().isEmpty()).isTrue();
                }
                if (i == blobs - 1) {
                    assertThat(blob.held()).isEqualTo(GroupSet.all(MIB / GROUP));
                }
            }
        }
        assertThat(kept).isLessThanOrEqualTo(boundBytes()).isGreaterThan(boundBytes() / 2);
    }

    @Test
    void readGroups_ofTheOldest_keepsIt() throws IOException {
        try (StoredBlob blob = store.open(ID, SIZE)) {
            blob.putGroups(0, groups(0, 11));
            for (int i = 0; i < 2 * boundBytes() / MIB; i++) {
                fill(i, i + 1);
                assertThat(read(blob, 3, 4)).isEqualTo(bytes(3, 4));
            }
        }
    }

    @Test
    void pin_underPressure_keepsWhatItCovers() throws IOException {
        try (StoredBlob blob = store.open(ID, SIZE)) {
            blob.putGroups(0, groups(0, 11));
            StoredBlob.Pin pin = blob.pin(new GroupRange(3, 5));
            fill(2 * boundBytes());
            assertThat(read(blob, 3, 5)).isEqualTo(bytes(3, 5));
            pin.close();
            pin.close();
            fill(2 * boundBytes());
            assertThat(blob.held().isEmpty()).isTrue();
        }
    }

    @Test
    void pin_moved_coversTheNewRangeEvenOfGroupsPutLater() throws IOException {
        try (StoredBlob blob = store.open(ID, 64L * MIB)) {
            StoredBlob.Pin pin = blob.pin(new GroupRange(0, 1));
            pin.move(new GroupRange(3000, 3001));
            blob.putGroups(3000, groups(0, 1));
            fill(2 * boundBytes());
            assertThat(read(blob, new GroupRange(3000, 3001))).isEqualTo(bytes(0, 1));
        }
    }

    @Test
    void pins_asMuchAsIsPinnable_keepWhatTheyCoverWhateverElseIsPut() throws IOException {
        assertThat(store.pinnableBytes()).isBetween(3L * MIB, boundBytes());
        PinnedPages.check(store);
    }

    @Test
    void pin_ofAClosedHandle_coversNothing() throws IOException {
        try (StoredBlob blob = store.open(ID, SIZE)) {
            StoredBlob forgetful = store.open(ID, SIZE);
            forgetful.pin(new GroupRange(0, 11));
            blob.putGroups(0, groups(0, 11));
            forgetful.close();
            fill(2 * boundBytes());
            assertThat(blob.held().isEmpty()).isTrue();
        }
    }

    @Test
    void pin_afterCloseOfTheHandle_coversNothing() throws IOException {
        try (StoredBlob blob = store.open(ID, SIZE)) {
            StoredBlob closed = store.open(ID, SIZE);
            closed.close();
            closed.pin(new GroupRange(0, 11)).move(new GroupRange(0, 5));
            blob.putGroups(0, groups(0, 11));
            fill(2 * boundBytes());
            assertThat(blob.held().isEmpty()).isTrue();
        }
    }

    /** Puts whole blobs of 1 MiB, so many bytes of them; returns their number. */
    private int fill(long bytes) throws IOException {
        int blobs = (int) (bytes / MIB);
        fill(0, blobs);
        return blobs;
    }

    private void fill(int from, int end) throws IOException {
        for (int i = from; i < end; i++) {
            try (StoredBlob blob = store.open(filler(i), MIB)) {
                blob.putGroups(0, ByteBuffer.wrap(filling));
            }
        }
    }

    private static BlobId filler(int i) {
        return BlobId.of(ByteBuffer.allocate(32).putInt(100 + i).array());
    }

    private void put(StoredBlob blob, int group) {
        try {
            blob.putGroups(group, groups(group, group + 1));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The content of some groups. */
    protected final byte[] bytes(int first, int end) {
        return Arrays.copyOfRange(content, first * GROUP, Math.min(SIZE, end * GROUP));
    }

    /** The content of some groups, to put. */
    protected final ByteBuffer groups(int first, int end) {
        return ByteBuffer.wrap(bytes(first, end));
    }

    /** What the store gives for some groups. */
    protected static byte[] read(StoredBlob blob, int first, int end) throws IOException {
        return read(blob, new GroupRange(first, end));
    }

    private static byte[] read(StoredBlob blob, GroupRange range) throws IOException {
        long end = Math.min(blob.sizeBytes(), range.end() * GROUP);
        ByteBuffer target = ByteBuffer.allocate((int) (end - range.first() * GROUP));
        assertThat(blob.readGroups(range, target)).isTrue();
        assertThat(target.hasRemaining()).isFalse();
        return target.array();
    }

    /** The id of the blob under test. */
    protected static BlobId id() {
        return ID;
    }

    /** Its size in bytes. */
    protected static long size() {
        return SIZE;
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }
}
