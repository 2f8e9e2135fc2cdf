package io.runnel.store;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.tree.TreeShape;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one blob. Bytes are written before they are marked, and forced to disk before the record of marks is: so
 * a record never claims what is not there. Marks are guarded by this object's monitor; file access is positional and
 * needs no lock.
 */
final class DiskBlob {
    private static final Logger LOG = LoggerFactory.getLogger(DiskBlob.class);

    private static final int NODE_BYTES = 64;

    /** After this much new data the record is written, so that a crash costs no more than that. */
    private static final long FLUSH_EVERY_BYTES = 8 << 20;

    private final TreeShape shape;
    private final FileChannel data;
    private final FileChannel tree;
    private final Path recordFile;
    private final Object recordLock = new Object();
    private int handles;
    private GroupSet held;
    private GroupSet nodes;
    private long unflushedBytes;
    private boolean closed;

    DiskBlob(BlobId id, long sizeBytes, Path home) throws IOException {
        shape = TreeShape.ofBlob(sizeBytes);
        recordFile = home.resolve("record");
        HoldingRecord record = readRecord(id);
        held = record.groups();
        nodes = record.nodes();
        data = openFile(home.resolve("data"));
        tree = openFile(home.resolve("outboard"));
    }

    private HoldingRecord readRecord(BlobId id) throws IOException {
        if (!Files.isRegularFile(recordFile, LinkOption.NOFOLLOW_LINKS)) {
            return HoldingRecord.empty();
        }
        HoldingRecord record = HoldingRecord.read(recordFile, shape.sizeBytes());
        if (record == null) {
            LOG.warn("the record of blob {} is damaged: what the store kept of it is fetched again", id);
            return HoldingRecord.empty();
        }
        return record;
    }

    private static FileChannel openFile(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return FileChannel.open(
                    file,
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.SPARSE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
        }
        return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    long sizeBytes() {
        return shape.sizeBytes();
    }

    synchronized GroupSet held() {
        return held;
    }

    synchronized void retain() {
        handles++;
    }

    /** Whether that was the last handle. */
    synchronized boolean release() {
        handles--;
        return handles == 0;
    }

    void putGroups(long firstGroup, ByteBuffer bytes) throws IOException {
        long offset = firstGroup * shape.groupBytes();
        int length = bytes.remaining();
        GroupRange groups = new GroupRange(firstGroup, (offset + length + shape.groupBytes() - 1) / shape.groupBytes());
        requireWhole(groups, length);
        writeFully(data, offset, bytes);
        boolean flushNow;
        synchronized (this) {
            held = held.plus(groups);
            unflushedBytes += length;
            flushNow = unflushedBytes >= FLUSH_EVERY_BYTES;
        }
        if (flushNow) {
            flush();
        }
    }

    private void requireWhole(GroupRange groups, int length) {
        if (groups.end() > shape.groups() || length != shape.bytesOf(groups.first(), groups.end())) {
            throw new IllegalArgumentException(
                    "groups from " + groups.first() + ": " + length + " bytes are not whole groups of the blob");
        }
    }

    boolean readGroups(GroupRange groups, ByteBuffer target) throws IOException {
        synchronized (this) {
            if (!held.containsAll(groups)) {
                return false;
            }
        }
        readFully(data, groups.first() * shape.groupBytes(), target);
        return true;
    }

    void putTree(long offset, ByteBuffer bytes) throws IOException {
        GroupRange range = nodeRange(offset, bytes.remaining());
        writeFully(tree, offset, bytes);
        synchronized (this) {
            nodes = nodes.plus(range);
        }
    }

    boolean readTree(long offset, ByteBuffer target) throws IOException {
        GroupRange range = nodeRange(offset, target.remaining());
        synchronized (this) {
            if (!nodes.containsAll(range)) {
                return false;
            }
        }
        readFully(tree, offset, target);
        return true;
    }

    private static GroupRange nodeRange(long offset, int length) {
        if (offset % NODE_BYTES != 0 || length % NODE_BYTES != 0) {
            throw new IllegalArgumentException(
                    "outboard offset " + offset + ", length " + length + ": must be multiples of " + NODE_BYTES);
        }
        return new GroupRange(offset / NODE_BYTES, (offset + length) / NODE_BYTES);
    }

    void flush() throws IOException {
        HoldingRecord record;
        synchronized (this) {
            record = new HoldingRecord(held, nodes);
            unflushedBytes = 0;
        }
        data.force(false);
        tree.force(false);
        synchronized (recordLock) {
            record.write(recordFile, shape.sizeBytes());
        }
    }

    void close() throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        try (data;
                tree) {
            flush();
        }
    }

    private static void writeFully(FileChannel file, long offset, ByteBuffer bytes) throws IOException {
        long at = offset;
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
    }

    private static void readFully(FileChannel file, long offset, ByteBuffer target) throws IOException {
        long at = offset;
        while (target.hasRemaining()) {
            int read = file.read(target, at);
            if (read < 0) {
                throw new EOFException("a store file is shorter than its record says: delete the store's folder");
            }
            at += read;
        }
    }
}
