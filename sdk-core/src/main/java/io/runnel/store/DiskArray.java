package io.runnel.store;

import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of a blob's two byte arrays: the blob itself or its outboard. What of it is kept is in pages on the disk and, where
 * the disk did not take it, in memory. Its state is guarded by the {@link SegmentTable}'s monitor; files are read and
 * written outside it.
 */
final class DiskArray implements SparsePages.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(DiskArray.class);

    private final DiskBlob blob;
    private final boolean outboard;
    private final Units units;
    private final int pageSpan;
    private final DiskWriter writer;
    private final SegmentTable table;
    private final Spill spill;
    private final Map<Long, Page> pages = new HashMap<>(2);
    private GroupSet onDisk = GroupSet.empty();
    private @Nullable SparsePages inMemory;

    DiskArray(DiskBlob blob, boolean outboard, DiskWriter writer) {
        this.blob = blob;
        this.outboard = outboard;
        this.units = outboard ? Units.parents(blob.sizeBytes()) : Units.groups(blob.sizeBytes());
        this.pageSpan = units.unitBytes() * Page.UNITS;
        this.writer = writer;
        this.table = writer.table();
        this.spill = writer.spill();
    }

    DiskBlob blob() {
        return blob;
    }

    boolean isOutboard() {
        return outboard;
    }

    Units units() {
        return units;
    }

    /** Number of units in a page. */
    int pageUnits(long page) {
        return (int) Math.min(Page.UNITS, units.count() - page * Page.UNITS);
    }

    /** Length of a page in bytes. */
    long pageBytes(long page) {
        return Math.min(pageSpan, units.totalBytes() - page * pageSpan);
    }

    /** What is kept, on the disk or in memory. */
    GroupSet held() {
        synchronized (table) {
            return inMemory == null ? onDisk : onDisk.union(inMemory.present());
        }
    }

    /** Keeps whole units; consumes {@code bytes}. */
    void write(long offset, ByteBuffer bytes) {
        units.range(offset, bytes.remaining());
        long at = offset;
        while (bytes.hasRemaining()) {
            ByteBuffer piece = pieceAt(at, bytes);
            if (writeDisk(at, piece.duplicate())) {
                moveToDisk(inMemory(at / pageSpan));
            } else {
                writeMemory(at, piece);
            }
            at += skip(bytes, at);
        }
    }

    /** What of {@code bytes} is in the page of {@code at}, its first. */
    private ByteBuffer pieceAt(long at, ByteBuffer bytes) {
        return bytes.slice(bytes.position(), (int) Math.min(bytes.remaining(), pageSpan - at % pageSpan));
    }

    private int skip(ByteBuffer bytes, long at) {
        int length = (int) Math.min(bytes.remaining(), pageSpan - at % pageSpan);
        bytes.position(bytes.position() + length);
        return length;
    }

    private boolean writeDisk(long at, ByteBuffer piece) {
        return writer.write(this, at / pageSpan, (int) (at % pageSpan), piece);
    }

    private void writeMemory(long at, ByteBuffer piece) {
        synchronized (table) {
            SparsePages memory = inMemory == null
                    ? new SparsePages(units, outboard ? Page.UNITS : 1, spill.budget(), this)
                    : inMemory;
            memory.write(at, piece);
            // Set afterwards: to make room, the write may have taken all that was there, and so have unset it.
            inMemory = memory;
            spill.add(this);
        }
    }

    /** Fills {@code target} from {@code offset} on; false where not all of it is kept, or some of it is damaged. */
    boolean read(long offset, ByteBuffer target) throws IOException {
        units.range(offset, target.remaining());
        int start = target.position();
        long at = offset;
        while (target.hasRemaining()) {
            if (!readPiece(at, pieceAt(at, target))) {
                target.position(start);
                return false;
            }
            at += skip(target, at);
        }
        return true;
    }

    private boolean readPiece(long at, ByteBuffer piece) throws IOException {
        int first = (int) (at % pageSpan) / units.unitBytes();
        int count = (piece.remaining() + units.unitBytes() - 1) / units.unitBytes();
        Page page = table.use(this, at / pageSpan, Page.bits(first, first + count));
        if (page != null) {
            try {
                return readDisk(page, first, piece);
            } finally {
                table.release(page.segment);
            }
        }
        if (count == 1) {
            return readMemory(at, piece);
        }
        for (int i = 0; i < count; i++) {
            int from = i * units.unitBytes();
            int length = Math.min(units.unitBytes(), piece.remaining() - from);
            if (!readPiece(at + from, piece.slice(from, length))) {
                return false;
            }
        }
        return true;
    }

    private boolean readMemory(long at, ByteBuffer piece) {
        synchronized (table) {
            return inMemory != null && inMemory.read(at, piece);
        }
    }

    private boolean readDisk(Page page, int first, ByteBuffer piece) throws IOException {
        try {
            page.segment.file.read(page.offset + (long) first * units.unitBytes(), piece.duplicate());
        } catch (IOException e) {
            if (table.isClosed()) {
                throw e;
            }
            LOG.warn("a page of blob {} cannot be read and is fetched again: {}", blob.id(), e.getMessage());
            table.abandon(page);
            return false;
        }
        writer.touch(page.segment);
        return dropDamaged(page, first, Page.checksOf(piece, units.unitBytes()));
    }

    /** Whether all these units are as they were put; those that are not are dropped. */
    private boolean dropDamaged(Page page, int first, int[] found) {
        boolean good = true;
        for (int i = 0; i < found.length; i++) {
            if (found[i] != page.checks[first + i]) {
                good = false;
                LOG.warn("a piece of blob {} was altered on the disk: it is dropped, and fetched again", blob.id());
                table.damaged(page, first + i);
            }
        }
        return good;
    }

    /** Moves all of a page into memory, and gives its place up. */
    void moveToMemory(Page page) {
        long held;
        synchronized (table) {
            held = page.held;
        }
        moveToMemory(page, held);
        synchronized (table) {
            if (pages.get(page.index) == page) {
                table.abandon(page);
            }
        }
    }

    /** Moves units that could not be forced to the disk into memory; what cannot be read back is lost. */
    void moveToMemory(Page page, long bits) {
        for (int unit = 0; unit < page.checks.length; unit++) {
            if ((bits >>> unit & 1) != 0) {
                moveToMemory(page, unit);
            }
        }
    }

    private void moveToMemory(Page page, int unit) {
        long at = (page.firstUnit() + unit) * units.unitBytes();
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(units.unitBytes(), units.totalBytes() - at));
        try {
            page.segment.file.read(page.offset + (long) unit * units.unitBytes(), bytes);
        } catch (IOException e) {
            LOG.debug("what was not forced cannot be read back: {}", e.getMessage());
        }
        synchronized (table) {
            bytes.rewind();
            if (Page.checksOf(bytes, units.unitBytes())[0] == page.checks[unit]) {
                writeMemory(at, bytes);
            }
            table.drop(page, 1L << unit);
        }
    }

    /** Moves what is in memory to the disk, as far as it takes it. */
    void moveToDisk() {
        moveToDisk(inMemory());
    }

    private void moveToDisk(GroupSet which) {
        for (GroupRange run : which.runs()) {
            for (long unit = run.first(); unit < run.end(); ) {
                long pageEnd = (unit / Page.UNITS + 1) * Page.UNITS;
                GroupRange piece = new GroupRange(unit, Math.min(run.end(), pageEnd));
                if (!moveToDisk(piece)) {
                    return;
                }
                unit = piece.end();
            }
        }
    }

    private boolean moveToDisk(GroupRange piece) {
        long at = piece.first() * units.unitBytes();
        ByteBuffer bytes = ByteBuffer.allocate((int) units.bytesOf(piece));
        if (!readMemory(at, bytes)) {
            // Some of it had to make room meanwhile.
            return piece.count() == 1 || moveEachToDisk(piece);
        }
        if (!writeDisk(at, bytes.flip())) {
            return false;
        }
        synchronized (table) {
            if (inMemory != null) {
                inMemory.drop(piece);
                evicted();
            }
        }
        return true;
    }

    private boolean moveEachToDisk(GroupRange piece) {
        for (long unit = piece.first(); unit < piece.end(); unit++) {
            if (!moveToDisk(new GroupRange(unit, unit + 1))) {
                return false;
            }
        }
        return true;
    }

    private GroupSet inMemory() {
        synchronized (table) {
            return inMemory == null ? GroupSet.empty() : inMemory.present();
        }
    }

    /** What of a page is in memory: all of one whose file broke is there until another file has the page. */
    private GroupSet inMemory(long page) {
        GroupSet all = inMemory();
        long first = page * Page.UNITS;
        GroupRange before = new GroupRange(0, first);
        GroupRange after = new GroupRange(first + pageUnits(page), units.count());
        return all.minus(before).minus(after);
    }

    /** Whether nothing of it is kept. */
    boolean isEmpty() {
        return pages.isEmpty() && (inMemory == null || inMemory.present().isEmpty());
    }

    /** Gives up all that is kept. */
    void clear() {
        pages.values().stream().toList().forEach(table::abandon);
        if (inMemory != null) {
            inMemory.clear();
            evicted();
        }
    }

    @Nullable Page page(long index) {
        return pages.get(index);
    }

    /** Some units are in a page. */
    void attach(Page page, long bits) {
        pages.put(page.index, page);
        for (GroupRange run : page.runs(bits)) {
            onDisk = onDisk.plus(run);
        }
    }

    /** Some units are in a page no more. */
    void detach(Page page, long bits) {
        for (GroupRange run : page.runs(bits)) {
            onDisk = onDisk.minus(run);
        }
    }

    /** A page is gone. */
    void forget(Page page) {
        pages.remove(page.index, page);
    }

    /** The outboard is small beside its blob and quickly fetched: no reader's pin covers it. */
    @Override
    public boolean pinned(GroupRange range) {
        return !outboard && blob.pins().touch(range);
    }

    @Override
    public void evicted() {
        if (inMemory != null && inMemory.present().isEmpty()) {
            inMemory = null;
            spill.remove(this);
            blob.forgetIfIdle();
        }
    }
}
