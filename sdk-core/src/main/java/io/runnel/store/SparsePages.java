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
    private final long totalBytes;
    private final int unitBytes;
    private final int pageBytes;
    private final PageBudget budget;
    private final Map<Long, byte[]> pages = new HashMap<>();
    private GroupSet present = GroupSet.empty();

    /**
     * An array with nothing there yet.
     *
     * @param totalBytes its length
     * @param unitBytes the smallest piece that is there or not; only the last may be short
     * @param unitsPerPage units that come and go together
     */
    SparsePages(long totalBytes, int unitBytes, int unitsPerPage, PageBudget budget) {
        this.totalBytes = totalBytes;
        this.unitBytes = unitBytes;
        this.pageBytes = unitBytes * unitsPerPage;
        this.budget = budget;
    }

    /** The units that are there. */
    GroupSet present() {
        return present;
    }

    /** Stores whole units; consumes {@code bytes}. */
    void write(long offset, ByteBuffer bytes) {
        units(offset, bytes.remaining());
        long at = offset;
        while (bytes.hasRemaining()) {
            long page = at / pageBytes;
            int from = (int) (at % pageBytes);
            int length = Math.min(bytes.remaining(), pageBytes - from);
            bytes.get(page(page), from, length);
            // Marked page by page: making room for the next page may take this one away again.
            present = present.plus(units(at, length));
            at += length;
        }
    }

    /** Fills {@code target} from {@code offset} on; false where some of it is not there. */
    boolean read(long offset, ByteBuffer target) {
        if (!present.containsAll(units(offset, target.remaining()))) {
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

    /** Gives all pages back. */
    void clear() {
        for (Map.Entry<Long, byte[]> page : pages.entrySet()) {
            budget.released(new PageBudget.Key(this, page.getKey()), page.getValue().length);
        }
        pages.clear();
        present = GroupSet.empty();
    }

    /** The budget takes a page away. */
    void evict(long page) {
        byte[] bytes = pages.remove(page);
        if (bytes != null) {
            present = present.minus(units(page * pageBytes, bytes.length));
        }
    }

    private byte[] page(long index) {
        PageBudget.Key key = new PageBudget.Key(this, index);
        byte[] page = pages.get(index);
        if (page == null) {
            page = new byte[(int) Math.min(pageBytes, totalBytes - index * pageBytes)];
            pages.put(index, page);
            budget.added(key, page.length);
        } else {
            budget.touched(key);
        }
        return page;
    }

    private GroupRange units(long offset, long length) {
        boolean whole = (offset + length) % unitBytes == 0 || offset + length == totalBytes;
        if (offset < 0 || offset % unitBytes != 0 || offset + length > totalBytes || !whole) {
            throw new IllegalArgumentException("offset " + offset + ", length " + length + ": must be whole units of "
                    + unitBytes + " within " + totalBytes);
        }
        return new GroupRange(offset / unitBytes, (offset + length + unitBytes - 1) / unitBytes);
    }
}
