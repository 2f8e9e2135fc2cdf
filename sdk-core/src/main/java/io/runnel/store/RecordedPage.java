package io.runnel.store;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a record says of one page, and how. */
final class RecordedPage {
    private static final int HEAD_BYTES = 1 + 8 + 8 + 8;

    /** No segment is nearly as long. */
    private static final long MOST_OFFSET = 1L << 40;

    final BlobId blob;
    final long sizeBytes;
    final boolean outboard;
    final long index;

    /** Where in the file it starts, in bytes. */
    final long offset;

    /** CRC-32C of each unit held; 0 for the others. */
    final int[] checks;

    private final Units units;
    private final long held;

    private RecordedPage(BlobId blob, long sizeBytes, ByteBuffer in) {
        this.blob = blob;
        this.sizeBytes = sizeBytes;
        this.outboard = in.get() == 1;
        this.index = in.getLong();
        this.offset = in.getLong();
        this.held = in.getLong();
        this.units = outboard ? Units.parents(sizeBytes) : Units.groups(sizeBytes);
        boolean there = index >= 0 && index < (units.count() + Page.UNITS - 1) / Page.UNITS;
        this.checks = new int[there ? (int) Math.min(Page.UNITS, units.count() - index * Page.UNITS) : 0];
    }

    /** Length of a page's entry at most, in bytes. */
    static int bytes(int units) {
        return HEAD_BYTES + 4 * units;
    }

    /** Writes a page's entry. */
    static void write(Page page, ByteBuffer out) {
        out.put((byte) (page.array.isOutboard() ? 1 : 0));
        out.putLong(page.index).putLong(page.offset).putLong(page.held);
        for (int unit = 0; unit < page.checks.length; unit++) {
            if ((page.held >>> unit & 1) != 0) {
                out.putInt(page.checks[unit]);
            }
        }
    }

    /** Reads a page's entry, or null where it makes no sense. */
    static @Nullable RecordedPage read(BlobId blob, long sizeBytes, ByteBuffer in) {
        if (in.remaining() < HEAD_BYTES || (in.get(in.position()) & ~1) != 0) {
            return null;
        }
        RecordedPage page = new RecordedPage(blob, sizeBytes, in);
        return page.isSane() && page.readChecks(in) ? page : null;
    }

    private boolean isSane() {
        return checks.length > 0
                && (held & ~Page.bits(0, checks.length)) == 0
                && offset >= Segment.HEADER_BYTES
                && offset <= MOST_OFFSET;
    }

    private boolean readChecks(ByteBuffer in) {
        if (in.remaining() < 4 * Long.bitCount(held)) {
            return false;
        }
        for (int unit = 0; unit < checks.length; unit++) {
            if ((held >>> unit & 1) != 0) {
                checks[unit] = in.getInt();
            }
        }
        return true;
    }

    /** The units held that are within a file of this length; one that was cut off has lost the others. */
    long heldWithin(long fileBytes) {
        long first = index * Page.UNITS;
        long within = 0;
        for (int unit = 0; unit < checks.length; unit++) {
            if (offset + units.bytesOf(new GroupRange(first, first + unit + 1)) <= fileBytes) {
                within |= 1L << unit;
            }
        }
        return held & within;
    }
}
