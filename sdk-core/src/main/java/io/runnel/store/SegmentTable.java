package io.runnel.store;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which segments there are, which pages are in them, and which go next. Its monitor guards all state of the pages, segments
 * and arrays of a store, and is never held while a file is touched: a segment that is being used counts its users
 * instead.
 */
final class SegmentTable {
    private static final int MOST_FAILED_WRITES = 2;

    private final long segmentBytes;
    private final List<Segment> segments = new ArrayList<>();
    private @Nullable Segment filling;
    private long usedBytes;
    private long unflushedBytes;
    private long uses;
    private boolean closed;

    SegmentTable(long segmentBytes) {
        this.segmentBytes = segmentBytes;
    }

    /** What all files may grow to with the pages they have, in bytes. */
    synchronized long usedBytes() {
        return usedBytes;
    }

    /** What a crash would cost now, in bytes. */
    synchronized long unflushedBytes() {
        return unflushedBytes;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /** Reads and writes that fail from now on are not the disk's fault. */
    synchronized void close() {
        closed = true;
    }

    /** Takes in a segment, as the one used last. New pages go to the one that was made last. */
    synchronized void add(Segment segment) {
        segments.add(segment);
        segment.usedAt = ++uses;
        usedBytes += segment.bytes();
        if (filling == null || segment.name.number() > filling.name.number()) {
            filling = segment;
        }
    }

    /**
     * Takes in a page of a segment that is not in the table yet; false where a newer one has it. A page is begun anew where
     * its place was given up, and the record that still speaks of that place may be the last its file ever got.
     */
    synchronized boolean load(Segment segment, DiskArray array, RecordedPage recorded, long held) {
        Page other = array.page(recorded.index);
        if (other != null && other.segment.name.number() >= segment.name.number()) {
            return false;
        }
        if (other != null) {
            abandon(other);
        }
        Page page = segment.add(new Page(array, recorded.index, segment, recorded.offset));
        System.arraycopy(recorded.checks, 0, page.checks, 0, page.checks.length);
        page.held = held;
        array.attach(page, held);
        return true;
    }

    /** The page, and one user more for its segment; null where there is none or it does not hold all these units. */
    synchronized @Nullable Page use(DiskArray array, long index, long units) {
        Page page = array.page(index);
        if (page == null || (page.held & units) != units) {
            return null;
        }
        return use(page);
    }

    private Page use(Page page) {
        page.segment.users++;
        page.segment.usedAt = ++uses;
        return page;
    }

    /** One user less. */
    synchronized void release(Segment segment) {
        segment.users--;
    }

    /** Where a page has no room in the segment that is being filled, that one is full: it may be evicted. */
    synchronized void retireIfFull(DiskArray array, long index) {
        if (filling != null && !filling.hasRoom(array, index, segmentBytes)) {
            filling = null;
        }
    }

    /** Begins a page in the segment that is being filled, where it has room, and uses it; null where there is none. */
    synchronized @Nullable Page append(DiskArray array, long index) {
        Segment segment = filling;
        if (segment == null) {
            return null;
        }
        usedBytes -= segment.bytes();
        Page page = segment.append(array, index);
        usedBytes += segment.bytes();
        array.attach(page, 0);
        return use(page);
    }

    /** A write to a segment failed; after two in a row nothing goes to it any more. */
    synchronized void writeFailed(Segment segment) {
        segment.failedWrites++;
        if (segment.failedWrites >= MOST_FAILED_WRITES) {
            retire(segment);
        }
    }

    synchronized boolean isBroken(Segment segment) {
        return segment.broken;
    }

    /** Nothing goes to this segment any more: what it has is read from it, and what is put to its pages goes elsewhere. */
    synchronized void retire(Segment segment) {
        segment.broken = true;
        if (filling == segment) {
            filling = null;
        }
    }

    /** Units of a page, from {@code first} on, are in the file now; false where the page was given up meanwhile. */
    synchronized boolean written(Page page, int first, int[] checks) {
        if (page.array.page(page.index) != page) {
            return false;
        }
        long added = Page.bits(first, first + checks.length) & ~page.held;
        for (int i = 0; i < checks.length; i++) {
            if ((added >>> (first + i) & 1) != 0) {
                page.checks[first + i] = checks[i];
            }
        }
        page.held |= added;
        page.fresh |= added;
        page.segment.changed = true;
        page.segment.failedWrites = 0;
        page.array.attach(page, added);
        unflushedBytes += (long) Long.bitCount(added) * page.array.units().unitBytes();
        return true;
    }

    /** Units of a page are not kept on the disk any more. */
    synchronized void drop(Page page, long units) {
        long dropped = units & page.held;
        page.array.detach(page, dropped);
        page.held &= ~dropped;
        page.fresh &= ~dropped;
        page.segment.changed = true;
    }

    /** A unit of a page is not what was put: it is dropped, and where that was not the first, all of the page is. */
    synchronized void damaged(Page page, int unit) {
        drop(page, 1L << unit);
        if (page.damagedTooOften()) {
            abandon(page);
        }
    }

    /** A page's place is given up: what of it is wanted is put elsewhere. */
    synchronized void abandon(Page page) {
        drop(page, page.held);
        page.array.forget(page);
        page.segment.remove(page);
    }

    /** The segments to flush, each with one user more; none of what they hold counts as unflushed any more. */
    synchronized List<Segment> takeUnflushed(boolean unforcedToo) {
        List<Segment> due = new ArrayList<>();
        for (Segment segment : segments) {
            if (segment.changed || (unforcedToo && segment.unforced)) {
                segment.users++;
                due.add(segment);
            }
        }
        unflushedBytes = 0;
        return due;
    }

    /**
     * Takes out the segment that was not used for longest, among those that nobody uses or reads, and that which is being
     * filled after all others: nothing of it is held any more. Null where there is none.
     */
    synchronized @Nullable Segment takeVictim() {
        Segment victim = null;
        for (Segment segment : segments) {
            boolean sooner =
                    victim == null || victim == filling || (segment != filling && segment.usedAt < victim.usedAt);
            if (sooner && segment.users == 0 && !isRead(segment)) {
                victim = segment;
            }
        }
        if (victim == filling) {
            filling = null;
        }
        if (victim != null) {
            segments.remove(victim);
            forEachPage(victim, page -> {
                page.array.detach(page, page.held);
                page.array.forget(page);
            });
        }
        return victim;
    }

    private static boolean isRead(Segment segment) {
        return segment.pages().values().stream()
                .anyMatch(pages -> pages.stream().anyMatch(page -> page.array.pinned(page.units())));
    }

    private static void forEachPage(Segment segment, Consumer<Page> action) {
        segment.pages().values().forEach(pages -> pages.forEach(action));
    }

    /** A victim could not be deleted: it is back, as the one used last, so that the next one is another. */
    synchronized void restore(Segment victim) {
        segments.add(victim);
        victim.usedAt = ++uses;
        forEachPage(victim, page -> {
            // Its blob may have been closed, and so forgotten, meanwhile.
            if (page.array.blob().remember()) {
                page.array.attach(page, page.held);
            }
        });
    }

    /** A victim is deleted: its space is free. */
    synchronized void freed(Segment victim) {
        usedBytes -= victim.bytes();
        forEachPage(victim, page -> page.array.blob().forgetIfIdle());
    }
}
