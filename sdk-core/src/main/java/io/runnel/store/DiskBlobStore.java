package io.runnel.store;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps blobs in files, within a bound, and survives being killed at any moment: what a record on disk claims was forced
 * there before the record was written, and every read is checked. A crash costs at most the last 8 MiB that were put; they
 * are fetched again. Where the bound is reached, what was least recently used and is not being read is dropped, a file at
 * a time. While the disk takes no writes, because it is full for one, memory stands in for it, within a bound of its own.
 *
 * <p>How files are laid out is in the protocol document, section 10. One process at a time may use a folder.
 */
public final class DiskBlobStore implements BlobStore {
    private static final Logger LOG = LoggerFactory.getLogger(DiskBlobStore.class);

    private final StoreFiles files;
    private final SegmentTable table;
    private final DiskWriter writer;
    private final Flusher flusher;
    private final long pinnableBytes;

    /** Every blob of which something is kept, or which is open. Guarded by the table's monitor. */
    private final Map<BlobId, DiskBlob> blobs = new HashMap<>();

    private DiskBlobStore(StoreFiles files, DiskStoreSettings settings, LongSupplier nanoClock) {
        this.files = files;
        this.table = new SegmentTable(settings.segmentBytes());
        DiskHealth health = new DiskHealth(files.place(), nanoClock);
        Spill spill = new Spill(table, settings.memoryBytes());
        this.pinnableBytes = Math.min(settings.maxBytes() / 2, spill.budget().pinnableBytes());
        this.writer = new DiskWriter(files, table, spill, health, settings.maxBytes());
        this.flusher = new Flusher(table, spill, health, nanoClock);
    }

    /** Opens a store with the default settings: {@link #open(Path, DiskStoreSettings)}. */
    public static DiskBlobStore open(Path folder) throws IOException {
        return open(folder, DiskStoreSettings.defaults());
    }

    /**
     * Opens a store, making its folder if there is none. Where the file system knows owners, nobody but the owner has any
     * right to the folder afterwards, also where it was there with wider ones. What is beyond the bound is dropped.
     *
     * @param folder empty, or a store's; not a symbolic link
     * @throws IOException if the folder cannot be used, holds other files or symbolic links, or another store has it open
     */
    public static DiskBlobStore open(Path folder, DiskStoreSettings settings) throws IOException {
        return open(StoreFolder.take(folder), settings, System::nanoTime);
    }

    /** Opens a store over these files, which it closes. */
    static DiskBlobStore open(StoreFiles files, DiskStoreSettings settings, LongSupplier nanoClock) throws IOException {
        DiskBlobStore store = new DiskBlobStore(files, settings, nanoClock);
        try {
            for (SegmentName name : files.names()) {
                store.load(name);
            }
        } catch (IOException | RuntimeException e) {
            files.close();
            throw e;
        }
        store.writer.trim();
        return store;
    }

    private void load(SegmentName name) throws IOException {
        writer.taken(name.number());
        StoreFile file = files.open(name);
        SegmentRecord record;
        long fileBytes;
        try {
            record = SegmentRecord.newest(file);
            fileBytes = file.size();
        } catch (IOException e) {
            // The disk may be well again at the next start.
            LOG.warn("file {} of the store cannot be read, and is left alone: {}", name, e.toString());
            file.close();
            return;
        }
        Segment segment = new Segment(name, file, fileBytes);
        if (record == null || fileBytes > DiskStoreSettings.MAX_SEGMENT_BYTES || !load(segment, record, fileBytes)) {
            LOG.info("file {} of the store holds nothing that its record speaks of: it is deleted", name);
            file.close();
            drop(name);
            return;
        }
        table.add(segment);
    }

    private void drop(SegmentName name) {
        try {
            files.delete(name);
        } catch (IOException e) {
            // Nothing is read from it, and no file gets its number.
            LOG.warn("file {} of the store cannot be deleted, and is left alone: {}", name, e.toString());
        }
    }

    /** Whether the segment has anything. */
    private boolean load(Segment segment, SegmentRecord record, long fileBytes) {
        segment.sequence = record.sequence();
        boolean any = false;
        synchronized (table) {
            for (RecordedPage page : record.pages()) {
                DiskBlob blob = blobs.computeIfAbsent(page.blob, id -> blob(id, page.sizeBytes));
                long held = page.heldWithin(fileBytes);
                if (held != 0 && blob.sizeBytes() == page.sizeBytes) {
                    any |= table.load(segment, page.outboard ? blob.outboard() : blob.data(), page, held);
                }
                blob.forgetIfIdle();
            }
        }
        return any;
    }

    private DiskBlob blob(BlobId id, long sizeBytes) {
        return new DiskBlob(id, sizeBytes, blobs, writer);
    }

    /** What the store's files take, in bytes: never more than the bound, once what was beyond it is dropped. */
    public long usedBytes() {
        return table.usedBytes();
    }

    @Override
    public StoredBlob open(BlobId id, long sizeBytes) throws IOException {
        synchronized (table) {
            requireOpen();
            DiskBlob blob = blobs.get(id);
            if (blob != null && blob.sizeBytes() != sizeBytes) {
                if (blob.isOpen()) {
                    throw new IOException("blob " + id + " is open with size " + blob.sizeBytes() + ", not " + sizeBytes
                            + ": the size given for it changed");
                }
                blob.clear();
                blob = null;
            }
            if (blob == null) {
                blob = blob(id, sizeBytes);
                blobs.put(id, blob);
            }
            blob.opened();
            return new DiskHandle(this, blob);
        }
    }

    /** What memory could keep too, should the disk take no writes any more, and no more than half of the disk's bound. */
    @Override
    public long pinnableBytes() {
        return pinnableBytes;
    }

    void requireOpen() throws IOException {
        if (table.isClosed()) {
            throw new IOException("store is closed");
        }
    }

    StoredBlob.Pin pin(DiskHandle handle, DiskBlob blob, GroupRange range) {
        synchronized (table) {
            StoredBlob.Pin pin = blob.pins().add(handle, range);
            if (handle.isClosed()) {
                blob.pins().end(handle);
            }
            return pin;
        }
    }

    /** A handle was closed. */
    void release(DiskHandle handle, DiskBlob blob) {
        synchronized (table) {
            blob.pins().end(handle);
            blob.closed();
            if (table.isClosed()) {
                return;
            }
        }
        flusher.flushIfDue();
    }

    void flushIfDue() {
        flusher.flushIfDue();
    }

    void flush() throws IOException {
        flusher.flush();
    }

    @Override
    public void close() throws IOException {
        synchronized (table) {
            if (table.isClosed()) {
                return;
            }
            table.close();
        }
        try (files) {
            flusher.flush();
        }
    }
}
