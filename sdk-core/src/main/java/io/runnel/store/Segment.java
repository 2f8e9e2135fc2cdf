package io.runnel.store;

import io.runnel.crypto.BlobId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One file of pages, of any blobs, in the order they were begun: two slots for its record, then the pages. The unit of
 * eviction. Guarded by the {@link SegmentTable}'s monitor, save the final fields.
 */
final class Segment {
    /** Bytes before the first page. */
    static final long HEADER_BYTES = 2 * SegmentRecord.SLOT_BYTES;

    final SegmentName name;
    final StoreFile file;

    /** The pages by their blobs. */
    private final Map<BlobId, List<Page>> pages = new LinkedHashMap<>();

    /** Where the next page will start: what the file may grow to with the pages it has. */
    private long end;

    private int recordBytes = SegmentRecord.EMPTY_BYTES;

    /** Reads, writes and flushes under way. */
    int users;

    /** When it was last used, by the table's count. */
    long usedAt;

    /** Whether the file's time says that it was used in this process. */
    volatile boolean touched;

    /** Writes that failed since one did not. */
    int failedWrites;

    /** Whether nothing is written to its pages any more. */
    boolean broken;

    /** Whether its newest record does not say what it holds. */
    boolean changed;

    /** Whether its newest record may not be on the medium yet. */
    boolean unforced;

    /** The number of the newest record on disk. Used only by who flushes, once the store is open. */
    long sequence;

    Segment(SegmentName name, StoreFile file, long end) {
        this.name = name;
        this.file = file;
        this.end = Math.max(end, HEADER_BYTES);
    }

    /** What it takes of the store's bound, in bytes. */
    long bytes() {
        return end;
    }

    Map<BlobId, List<Page>> pages() {
        return pages;
    }

    /** Whether a page has room, in the file and in its record. */
    boolean hasRoom(DiskArray array, long index, long segmentBytes) {
        return end + array.pageBytes(index) <= segmentBytes
                && recordBytes + cost(array, index) <= SegmentRecord.SLOT_BYTES;
    }

    private int cost(DiskArray array, long index) {
        int head = pages.containsKey(array.blob().id()) ? 0 : SegmentRecord.BLOB_BYTES;
        return head + RecordedPage.bytes(array.pageUnits(index));
    }

    /** Begins a page behind the others. */
    Page append(DiskArray array, long index) {
        return add(new Page(array, index, this, end));
    }

    /** Takes a page in that is in the file. */
    Page add(Page page) {
        recordBytes += cost(page.array, page.index);
        pages.computeIfAbsent(page.array.blob().id(), id -> new ArrayList<>(1)).add(page);
        end = Math.max(end, page.offset + page.array.pageBytes(page.index));
        return page;
    }

    /** The pages whose fresh units a record now written speaks of, with those units; they are fresh no more. */
    Map<Page, Long> takeFresh() {
        Map<Page, Long> taken = new LinkedHashMap<>();
        for (List<Page> ofBlob : pages.values()) {
            for (Page page : ofBlob) {
                if (page.fresh != 0) {
                    taken.put(page, page.fresh);
                    page.fresh = 0;
                }
            }
        }
        return taken;
    }

    /** Forgets a page; its place is not used again. */
    void remove(Page page) {
        List<Page> ofBlob = pages.get(page.array.blob().id());
        if (ofBlob != null && ofBlob.remove(page)) {
            changed = true;
        }
    }
}
