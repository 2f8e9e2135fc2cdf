package io.runnel.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what was written survive. For each segment: the bytes are forced to the medium, then the record that speaks of
 * them is written, to the slot that does not hold the one before. That record need not be forced for the next one to be
 * safe, since the next force comes first. Safe for use on any thread.
 */
final class Flusher {
    /** After this much new data the records are written, so that a crash costs no more than that. */
    static final long EVERY_BYTES = 8 << 20;

    /** After this long they are, with the next write or close of a blob. */
    static final long EVERY_NANOS = 5_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(Flusher.class);

    private final SegmentTable table;
    private final Spill spill;
    private final DiskHealth health;
    private final LongSupplier nanoClock;

    /** Held by who flushes. */
    private final Object flushing = new Object();

    private volatile long lastNanos;

    Flusher(SegmentTable table, Spill spill, DiskHealth health, LongSupplier nanoClock) {
        this.table = table;
        this.spill = spill;
        this.health = health;
        this.nanoClock = nanoClock;
        this.lastNanos = nanoClock.getAsLong();
    }

    /** Flushes if there is reason to; a failure shows in the disk's health. */
    void flushIfDue() {
        if (!isDue()) {
            return;
        }
        boolean goodAgain = false;
        synchronized (flushing) {
            if (isDue()) {
                try {
                    goodAgain = flushAll(false);
                } catch (IOException e) {
                    LOG.debug("not flushed: {}", e.getMessage());
                }
            }
        }
        if (goodAgain) {
            spill.moveToDisk();
        }
    }

    private boolean isDue() {
        long bytes = table.unflushedBytes();
        return bytes >= EVERY_BYTES
                || (bytes > 0 && (health.onProbation() || nanoClock.getAsLong() - lastNanos >= EVERY_NANOS));
    }

    /**
     * Makes all that is kept survive a crash.
     *
     * @throws IOException if some of it does not
     */
    void flush() throws IOException {
        spill.moveToDisk();
        synchronized (flushing) {
            if (flushAll(true)) {
                spill.moveToDisk();
                flushAll(true);
            }
        }
        long inMemory = spill.usedBytes();
        if (inMemory > 0) {
            throw new IOException(inMemory + " bytes are in memory only: " + health.trouble());
        }
    }

    /** Whether the disk is good again, after it took no writes. */
    private boolean flushAll(boolean recordsToo) throws IOException {
        lastNanos = nanoClock.getAsLong();
        IOException failure = null;
        for (Segment segment : table.takeUnflushed(recordsToo)) {
            try {
                flush(segment, recordsToo);
            } catch (IOException e) {
                failure = e;
            } finally {
                table.release(segment);
            }
        }
        if (failure != null) {
            health.failed(failure);
            throw failure;
        }
        return health.forced();
    }

    private void flush(Segment segment, boolean recordToo) throws IOException {
        ByteBuffer record;
        Map<Page, Long> fresh;
        synchronized (table) {
            segment.changed = false;
            record = SegmentRecord.encode(segment, segment.sequence + 1);
            fresh = segment.takeFresh();
        }
        try {
            segment.file.force();
            segment.file.write(SegmentRecord.slot(segment.sequence + 1), record);
            segment.sequence++;
            if (recordToo) {
                segment.file.force();
            }
            segment.unforced = !recordToo;
        } catch (IOException e) {
            // After a failed force the system may believe that bytes are on the medium that are not: they go elsewhere.
            table.retire(segment);
            fresh.forEach((page, units) -> page.array.moveToMemory(page, units));
            if (!fresh.isEmpty()) {
                throw e;
            }
            LOG.debug("the record of a file that is not used any more is not renewed: {}", e.getMessage());
        }
    }
}
