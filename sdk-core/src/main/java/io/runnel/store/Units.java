package io.runnel.store;

import io.runnel.crypto.tree.TreeShape;
import io.runnel.source.GroupRange;

/**
 * How one of a blob's two byte arrays is cut into units, each of which is kept or not: the blob itself into chunk groups,
 * its outboard into parents.
 *
 * @param totalBytes length of the array
 * @param unitBytes length of every unit but the last, which may be shorter
 */
record Units(long totalBytes, int unitBytes) {
    /** The chunk groups of a blob. */
    static Units groups(long blobBytes) {
        return new Units(blobBytes, TreeShape.ofBlob(blobBytes).groupBytes());
    }

    /** The parents in a blob's outboard. */
    static Units parents(long blobBytes) {
        return new Units(TreeShape.ofBlob(blobBytes).outboardBytes(), TreeShape.NODE_BYTES);
    }

    /** Number of units. */
    long count() {
        return totalBytes == 0 ? 0 : (totalBytes - 1) / unitBytes + 1;
    }

    /** Where a unit starts, in bytes. */
    long offset(long unit) {
        if (unit < 0 || unit >= count()) {
            throw new IllegalArgumentException("unit " + unit + ": must be 0 to " + (count() - 1));
        }
        return unit * unitBytes;
    }

    /** The units that a stretch of bytes covers; it must be whole units. */
    GroupRange range(long offset, long length) {
        boolean whole = (offset + length) % unitBytes == 0 || offset + length == totalBytes;
        if (offset < 0 || offset % unitBytes != 0 || length > totalBytes - offset || !whole) {
            throw new IllegalArgumentException("offset " + offset + ", length " + length + ": must be whole units of "
                    + unitBytes + " within " + totalBytes);
        }
        return new GroupRange(offset / unitBytes, (offset + length + unitBytes - 1) / unitBytes);
    }

    /** Length of some units, in bytes. */
    long bytesOf(GroupRange range) {
        return Math.min(totalBytes, range.end() * unitBytes) - Math.min(totalBytes, range.first() * unitBytes);
    }
}
