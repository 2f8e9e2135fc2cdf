package io.runnel.store;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Bounds the memory of all pages of a store: the least recently used that nobody reads go first. Where all the others are
 * being read, even they go, since the bound holds before all else. Guarded by the store's lock.
 */
final class PageBudget {
    /** One page of one array; arrays are told apart by identity. */
    record Key(SparsePages owner, long page) {}

    /** The most that any page takes. */
    private static final int PAGE_BYTES = 1 << 20;

    private final long maxBytes;
    private final LinkedHashMap<Key, Integer> byAge = new LinkedHashMap<>(16, 0.75f, true);
    private long usedBytes;

    PageBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Accounts for a new page and evicts others until the bound holds; the new page itself stays. */
    void added(Key key, int bytes) {
        byAge.put(key, bytes);
        usedBytes += bytes;
        evict(other -> !other.equals(key) && !other.owner().pinned(other.page()));
        evict(other -> !other.equals(key));
    }

    /** As {@link BlobStore#pinnableBytes}: one page more, pinned or not, has room beside it, and some of the tree. */
    long pinnableBytes() {
        long spare = Math.max(PAGE_BYTES, maxBytes / 8);
        return (maxBytes - spare) / PAGE_BYTES * PAGE_BYTES;
    }

    private void evict(Predicate<Key> which) {
        Iterator<Map.Entry<Key, Integer>> oldest = byAge.entrySet().iterator();
        while (usedBytes > maxBytes && oldest.hasNext()) {
            Map.Entry<Key, Integer> entry = oldest.next();
            if (which.test(entry.getKey())) {
                oldest.remove();
                usedBytes -= entry.getValue();
                entry.getKey().owner().evict(entry.getKey().page());
            }
        }
    }

    /** Marks a page as used now. */
    void touched(Key key) {
        byAge.get(key);
    }

    /** A page was given back by its owner. */
    void released(Key key, int bytes) {
        if (byAge.remove(key) != null) {
            usedBytes -= bytes;
        }
    }

    /** What all pages take now, in bytes. */
    long usedBytes() {
        return usedBytes;
    }
}
