package io.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Whether a store keeps all that is pinned, where that is as much as it says it can. */
final class PinnedPages {
    private static final long SEED = 20261127;
    private static final int PAGE_GROUPS = 64;
    private static final int PIECE_GROUPS = 8;

    private PinnedPages() {}

    /** Puts what three pins cover, in pieces at random, and between them what nothing covers. */
    static void check(BlobStore store) throws IOException {
        long pages = store.pinnableBytes() / (PAGE_GROUPS * TestBytes.GROUP);
        Random random = new Random(SEED);
        List<BlobId> ids = List.of(TestBytes.id(501), TestBytes.id(502), TestBytes.id(503));
        List<StoredBlob> blobs = new ArrayList<>();
        List<GroupRange> pinned = new ArrayList<>();
        List<Integer> puts = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            long share = pages / 3 + (i < pages % 3 ? 1 : 0);
            long first = PAGE_GROUPS * (long) random.nextInt(5) + random.nextInt(10);
            pinned.add(new GroupRange(first, (first / PAGE_GROUPS + share) * PAGE_GROUPS - random.nextInt(10)));
            blobs.add(store.open(ids.get(i), 64L << 20));
            blobs.get(i).pin(pinned.get(i));
            puts.addAll(Collections.nCopies((int) (pinned.get(i).count() / PIECE_GROUPS + 1), i));
        }
        Collections.shuffle(puts, random);
        long[] next = pinned.stream().mapToLong(GroupRange::first).toArray();
        for (int blob : puts) {
            GroupRange piece =
                    new GroupRange(next[blob], Math.min(pinned.get(blob).end(), next[blob] + PIECE_GROUPS));
            next[blob] = piece.end();
            if (!piece.isEmpty()) {
                TestBytes.put(blobs.get(blob), ids.get(blob), piece);
            }
            putSomethingElse(store, blobs.get(blob), ids.get(blob), random);
        }
        for (int i = 0; i < ids.size(); i++) {
            assertThat(GroupSet.of(pinned.get(i)).minus(blobs.get(i).held()))
                    .as("dropped although pinned, seed %d", SEED)
                    .isEqualTo(GroupSet.empty());
            assertThat(TestBytes.reads(blobs.get(i), ids.get(i), pinned.get(i))).isTrue();
            blobs.get(i).close();
        }
    }

    private static void putSomethingElse(BlobStore store, StoredBlob blob, BlobId id, Random random)
            throws IOException {
        TestBytes.putParents(blob, id, new GroupRange(random.nextInt(1000), 1000 + random.nextInt(1000)));
        BlobId filler = TestBytes.id(600 + random.nextInt(50));
        try (StoredBlob other = store.open(filler, TestBytes.MIB)) {
            TestBytes.put(other, filler, new GroupRange(random.nextInt(64), 64));
        }
    }
}
