package io.runnel.store;

import io.runnel.crypto.BlobId;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes pages, begins segments for them, and evicts others to stay within the bound. Safe for use on any thread. */
final class DiskWriter {
    private static final Logger LOG = LoggerFactory.getLogger(DiskWriter.class);

    private final StoreFiles files;
    private final SegmentTable table;
    private final Spill spill;
    private final DiskHealth health;
    private final long maxBytes;

    /** Held by who begins a page, so that files are made and deleted by one thread at a time. */
    private final Object growth = new Object();

    private long nextNumber;

    DiskWriter(StoreFiles files, SegmentTable table, Spill spill, DiskHealth health, long maxBytes) {
        this.files = files;
        this.table = table;
        this.spill = spill;
        this.health = health;
        this.maxBytes = maxBytes;
    }

    SegmentTable table() {
        return table;
    }

    Spill spill() {
        return spill;
    }

    /** A number is taken by a segment that was there. */
    void taken(long number) {
        nextNumber = Math.max(nextNumber, number + 1);
    }

    /**
     * Writes whole units of one page; consumes {@code piece}.
     *
     * @param from where in the page, in bytes
     * @return false where they are not kept: the disk takes no writes, or all that could make room is being read
     */
    boolean write(DiskArray array, long index, int from, ByteBuffer piece) {
        if (!health.mayWrite()) {
            return false;
        }
        int unitBytes = array.units().unitBytes();
        int[] checks = Page.checksOf(piece, unitBytes);
        try {
            Page page = page(array, index);
            if (page == null) {
                return false;
            }
            try {
                page.segment.file.write(page.offset + from, piece);
                health.wrote();
                return table.written(page, from / unitBytes, checks);
            } catch (IOException e) {
                table.writeFailed(page.segment);
                throw e;
            } finally {
                table.release(page.segment);
            }
        } catch (IOException e) {
            if (!table.isClosed()) {
                health.failed(e);
            }
            return false;
        }
    }

    /** The page, in use; null where there is no room for it. */
    private @Nullable Page page(DiskArray array, long index) throws IOException {
        Page page = usable(array, index);
        if (page != null) {
            return page;
        }
        synchronized (growth) {
            page = usable(array, index);
            if (page != null) {
                return page;
            }
            table.retireIfFull(array, index);
            if (!makeRoom(Segment.HEADER_BYTES + array.pageBytes(index))) {
                return null;
            }
            page = table.append(array, index);
            if (page == null) {
                table.add(begin(array.blob().id()));
                page = table.append(array, index);
            }
            return page;
        }
    }

    /** The page, in use; null where there is none, also because its file is broken: what it held is in memory then. */
    private @Nullable Page usable(DiskArray array, long index) {
        Page page = table.use(array, index, 0);
        if (page == null || !table.isBroken(page.segment)) {
            return page;
        }
        try {
            array.moveToMemory(page);
        } finally {
            table.release(page.segment);
        }
        return null;
    }

    /** Makes a file, and writes where its records will go: on a disk that is full by then, they still find room. */
    private Segment begin(BlobId first) throws IOException {
        if (nextNumber > SegmentName.LARGEST) {
            throw new IOException(
                    "a file of the store has the highest number there is: delete it from the store's folder");
        }
        SegmentName name = new SegmentName(first, nextNumber);
        nextNumber++;
        StoreFile file = files.create(name);
        try {
            file.write(0, ByteBuffer.allocate((int) Segment.HEADER_BYTES));
            return new Segment(name, file, 0);
        } catch (IOException e) {
            file.close();
            files.delete(name);
            throw e;
        }
    }

    /** Evicts until so many bytes more are within the bound; false where what is left is all being read. */
    private boolean makeRoom(long bytes) throws IOException {
        while (table.usedBytes() + bytes > maxBytes) {
            Segment victim = table.takeVictim();
            if (victim == null) {
                return false;
            }
            try {
                files.delete(victim.name);
            } catch (IOException e) {
                table.restore(victim);
                throw e;
            }
            table.freed(victim);
            victim.file.close();
        }
        return true;
    }

    /** Evicts what is beyond the bound, as far as it can be deleted. */
    void trim() {
        synchronized (growth) {
            try {
                makeRoom(0);
            } catch (IOException e) {
                LOG.warn("the store could not delete what is beyond its bound: {}", e.getMessage());
            }
        }
    }

    /** Notes on the disk that a segment is used, once for each process, so that a restart knows the order. */
    void touch(Segment segment) {
        if (segment.touched) {
            return;
        }
        segment.touched = true;
        try {
            segment.file.touch();
        } catch (IOException e) {
            LOG.debug("the store could not note that a file is used: {}", e.getMessage());
        }
    }
}
