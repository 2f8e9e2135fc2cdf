package io.runnel.store;

/**
 * How much a {@link DiskBlobStore} may keep. Immutable.
 *
 * @param maxBytes the most its files take together, at least 32 MiB, default 4 GiB. Where it is reached, files of up to
 *     32 MiB (a sixteenth of the bound, if that is less) go, the least recently used first
 * @param memoryBytes the most it keeps in memory while the disk does not take writes, 4 MiB or more, default 64
 *     MiB, or a quarter of the most the heap may take if that is less. All readers together look ahead no further than
 *     seven eighths of it, and half of {@code maxBytes}
 */
public record DiskStoreSettings(long maxBytes, long memoryBytes) {
    private static final long MIB = 1 << 20;

    /** No segment file is longer than this, whatever the settings. */
    static final long MAX_SEGMENT_BYTES = 32 * MIB;

    /** Rejects values outside the bounds. */
    public DiskStoreSettings {
        if (maxBytes < 32 * MIB) {
            throw new IllegalArgumentException("maxBytes: " + maxBytes + ", must be at least " + 32 * MIB);
        }
        if (memoryBytes < 4 * MIB) {
            throw new IllegalArgumentException("memoryBytes: " + memoryBytes + ", must be at least " + 4 * MIB);
        }
    }

    /** The defaults. */
    public static DiskStoreSettings defaults() {
        return new DiskStoreSettings(
                4096 * MIB, MemoryBlobStore.defaultBytes(Runtime.getRuntime().maxMemory()));
    }

    /** These settings with another bound on the disk. */
    public DiskStoreSettings withMaxBytes(long bytes) {
        return new DiskStoreSettings(bytes, memoryBytes);
    }

    /** These settings with another bound on the memory that stands in for the disk. */
    public DiskStoreSettings withMemoryBytes(long bytes) {
        return new DiskStoreSettings(maxBytes, bytes);
    }

    /** How long a segment file may become, in bytes. */
    long segmentBytes() {
        return Math.max(2 * MIB, Math.min(MAX_SEGMENT_BYTES, maxBytes / 16));
    }
}
