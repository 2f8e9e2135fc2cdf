package io.runnel.store;

import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * A byte array of which only some units are there, kept in pages of heap memory that a {@link PageBudget} may take away.
 * Not thread-safe: the store's lock guards it.
 */
final class SparsePages {
    /** Whose array it is. Called with the store's lock held. */
    interface Owner {
        /** Whether some of these units are being read. */
        boolean pinned(GroupRange units);

        /** The budget took a page. */
        void evicted();
    }

    private final Units units;
    private final int pageBytes;
    private final PageBudget budget;
    private final Owner owner;
    private final Map<Long, byte[]> pages = new HashMap<>();
    private GroupSet present = GroupSet.empty();

    /**
     * An array with nothing there yet.
     *
     * @param unitsPerPage units that come and go together
     */
    SparsePages(Units units, int unitsPerPage, PageBudget budget, Owner owner) {
        this.units = units;
        this.pageBytes = units.unitBytes() * unitsPerPage;
        this.budget = budget;
        this.owner = owner;
    }

    /** The units that are there. */
    GroupSet present() {
        return present;
    }

    /** Stores whole units; consumes {@code bytes}. */
    void write(long offset, ByteBuffer bytes) {
        units.range(offset, bytes.remaining());
        long at = offset;
        while (bytes.hasRemaining()) {
            long page = at / pageBytes;
            int from = (int) (at % pageBytes);
            int length = Math.min(bytes.remaining(), pageBytes - from);
            bytes.get(page(page), from, length);
            // Marked page by page: making room for the next page may take this one away again.
            present = present.plus(units.range(at, length));
            at += length;
        }
    }

    /** Fills {@code target} from {@code offset} on; false where some of it is not there. */
    boolean read(long offset, ByteBuffer target) {
        if (!present.containsAll(units.range(offset, target.remaining()))) {
            return false;
        }
        long at = offset;
        while (target.hasRemaining()) {
            long page = at / pageBytes;
            int from = (int) (at % pageBytes);
            int length = Math.min(target.remaining(), pageBytes - from);
            target.put(page(page), from, length);
            at += length;
        }
        return true;
    }

    /** Gives some units back, and the pages of which nothing is left. */
    void drop(GroupRange range) {
        present = present.minus(range);
        long unitsPerPage = pageBytes / units.unitBytes();
        for (long page = range.first() / unitsPerPage; page * unitsPerPage < range.end(); page++) {
            long left = present.nextPresent(page * unitsPerPage);
            byte[] bytes = pages.get(page);
            if (bytes != null && (left < 0 || left >= (page + 1) * unitsPerPage)) {
                pages.remove(page);
                budget.released(new PageBudget.Key(this, page), bytes.length);
            }
        }
    }

    /** Gives all pages back. */
    void clear() {
        for (Map.Entry<Long, byte[]> page : pages.entrySet()) {
            budget.released(new PageBudget.Key(this, page.getKey()), page.getValue().length);
        }
        pages.clear();
        present = GroupSet.empty();
    }

    /** Whether some of a page is being read. */
    boolean pinned(long page) {
        byte[] bytes = pages.get(page);
        return bytes != null && owner.pinned(units.range(page * pageBytes, bytes.length));
    }

    /** The budget takes a page away. */
    void evict(long page) {
        byte[] bytes = pages.remove(page);
        if (bytes != null) {
            present = present.minus(units.range(page * pageBytes, bytes.length));
            owner.evicted();
        }
    }

    private byte[] page(long index) {
        PageBudget.Key key = new PageBudget.Key(this, index);
        byte[] page = pages.get(index);
        if (page == null) {
            page = new byte[(int) Math.min(pageBytes, units.totalBytes() - index * pageBytes)];
            pages.put(index, page);
            budget.added(key, page.length);
        } else {
            budget.touched(key);
        }
        return page;
    }
}
