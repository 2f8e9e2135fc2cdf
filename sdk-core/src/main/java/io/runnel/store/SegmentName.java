package io.runnel.store;

import io.runnel.crypto.BlobId;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a segment file: {@code <blob id>-<number>}, both in lower-case hexadecimal digits.
 *
 * @param first the blob of the first page in it
 * @param number tells segments apart; later ones have higher numbers, {@link #LARGEST} at most: a file with a higher one is
 *     none of ours
 */
record SegmentName(BlobId first, long number) {
    /** So many are never written. */
    static final long LARGEST = (1L << 60) - 1;

    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}-0[0-9a-f]{15}");

    /** The name in a file's name, or null where the file is none of ours. */
    static @Nullable SegmentName parse(String fileName) {
        if (!FORM.matcher(fileName).matches()) {
            return null;
        }
        return new SegmentName(BlobId.parse(fileName.substring(0, 64)), Long.parseLong(fileName.substring(65), 16));
    }

    @Override
    public String toString() {
        return String.format("%s-%016x", first, number);
    }
}
