package io.runnel.store;

import io.runnel.source.GroupRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Up to 64 consecutive units of one array, at one place in a segment file. Guarded by the {@link SegmentTable}'s monitor,
 * save the final fields.
 */
final class Page {
    static final int UNITS = 64;

    /** After so many damaged units the place on the disk is not trusted any more. */
    private static final int MOST_DAMAGES = 1;

    final DiskArray array;
    final long index;
    final Segment segment;

    /** Where in the file it starts, in bytes. */
    final long offset;

    /** The units that are on the disk, as a bit for each. */
    long held;

    /** Those of them whose bytes may not be on the medium yet, and which no record speaks of. */
    long fresh;

    /** CRC-32C of each unit held. */
    final int[] checks;

    private int damages;

    Page(DiskArray array, long index, Segment segment, long offset) {
        this.array = array;
        this.index = index;
        this.segment = segment;
        this.offset = offset;
        this.checks = new int[array.pageUnits(index)];
    }

    /** The bits of units {@code [from, end)} of a page. */
    static long bits(int from, int end) {
        return from == end ? 0 : (-1L >>> (UNITS - (end - from))) << from;
    }

    /** The unit of the array that is the page's first. */
    long firstUnit() {
        return index * UNITS;
    }

    /** All units of the page, as units of the array. */
    GroupRange units() {
        return new GroupRange(firstUnit(), firstUnit() + checks.length);
    }

    /** Some of its units, as runs of units of the array. */
    List<GroupRange> runs(long bits) {
        List<GroupRange> runs = new ArrayList<>();
        long left = bits;
        while (left != 0) {
            int from = Long.numberOfTrailingZeros(left);
            int end = from + Long.numberOfTrailingZeros(~(left >>> from));
            runs.add(new GroupRange(firstUnit() + from, firstUnit() + end));
            left &= ~bits(from, end);
        }
        return runs;
    }

    /** Notes that one more unit was damaged; whether that is one too many. */
    boolean damagedTooOften() {
        return ++damages > MOST_DAMAGES;
    }

    /** The CRC-32C of each unit in {@code bytes}, of which only the last may be short; leaves the position. */
    static int[] checksOf(ByteBuffer bytes, int unitBytes) {
        int[] checks = new int[(bytes.remaining() + unitBytes - 1) / unitBytes];
        CRC32C crc = new CRC32C();
        for (int i = 0; i < checks.length; i++) {
            int from = i * unitBytes;
            crc.reset();
            crc.update(bytes.slice(bytes.position() + from, Math.min(unitBytes, bytes.remaining() - from)));
            checks[i] = (int) crc.getValue();
        }
        return checks;
    }
}
