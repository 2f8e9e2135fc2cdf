package io.runnel.crypto.tree.slice;

import io.runnel.crypto.AuthenticationException;
import io.runnel.crypto.BlobId;
import io.runnel.crypto.tree.NodeHasher;
import io.runnel.crypto.tree.TreeShape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Reads a verified slice that anyone may have sent, in memory of one group. Nothing is allocated from the length it
 * claims, and no byte is handed out before the way from it to the blob's id is checked.
 */
public final class SliceDecoder {
    private static final int CV_BYTES = 32;
    private static final int MAX_GROUP_BYTES_READ = TreeShape.CHUNK_BYTES << TreeShape.BLOB_GROUP_LOG;

    private final InputStream in;
    private final VerifiedSink sink;
    private final TreeShape shape;
    private final SliceRange range;
    private final NodeHasher hasher;

    private SliceDecoder(InputStream in, VerifiedSink sink, TreeShape shape, SliceRange range) {
        this.in = in;
        this.sink = sink;
        this.shape = shape;
        this.range = range;
        this.hasher = new NodeHasher(shape);
    }

    /**
     * Verifies a slice as it is read.
     *
     * @param groupLog the group log with which it was encoded, 0 to 4
     * @param start the first byte wanted, as given to the encoder
     * @param length number of bytes wanted, as given to the encoder
     * @param in read up to the end of the slice and no further
     * @param sink receives the bytes of the range that the blob has
     * @return the blob's size in bytes; authentic only if the range reached the blob's end, for the last group proves it
     * @throws AuthenticationException if the slice is damaged, truncated or not of this blob and range; what the sink has
     *     received until then is genuine
     */
    public static long decode(BlobId root, int groupLog, long start, long length, InputStream in, VerifiedSink sink)
            throws AuthenticationException, IOException {
        if (groupLog > TreeShape.BLOB_GROUP_LOG) {
            throw new IllegalArgumentException("groupLog: " + groupLog + ", must be 0 to " + TreeShape.BLOB_GROUP_LOG);
        }
        byte[] header = read(in, SliceEncoder.HEADER_BYTES);
        long size = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (size < 0) {
            throw new AuthenticationException();
        }
        TreeShape shape = new TreeShape(size, groupLog);
        SliceRange range = SliceRange.of(shape, start, length);
        boolean nothing = start >= size;
        VerifiedSink wanted = nothing ? (offset, bytes) -> {} : sink;
        new SliceDecoder(in, wanted, shape, range).subtree(0, shape.groups(), root.bytes());
        return size;
    }

    /**
     * Verifies a proof of a blob's size.
     *
     * @param in read up to the end of the proof and no further
     * @return the blob's size in bytes, authentic
     * @throws AuthenticationException if the proof is damaged, truncated or not of this blob
     */
    public static long sizeProof(BlobId root, int groupLog, InputStream in)
            throws AuthenticationException, IOException {
        return decode(root, groupLog, Long.MAX_VALUE, 0, in, (offset, bytes) -> {});
    }

    private void subtree(long firstGroup, long groups, byte[] expected) throws AuthenticationException, IOException {
        if (!range.touches(shape, firstGroup, groups)) {
            return;
        }
        if (groups == 1) {
            group(firstGroup, expected);
            return;
        }
        byte[] node = read(in, TreeShape.NODE_BYTES);
        check(hasher.parent(node, groups == shape.groups()), expected);
        long left = TreeShape.leftGroups(groups);
        subtree(firstGroup, left, Arrays.copyOf(node, CV_BYTES));
        subtree(firstGroup + left, groups - left, Arrays.copyOfRange(node, CV_BYTES, TreeShape.NODE_BYTES));
    }

    private void group(long group, byte[] expected) throws AuthenticationException, IOException {
        ByteBuffer bytes = ByteBuffer.wrap(read(in, shape.groupSize(group)));
        check(hasher.group(group, bytes), expected);
        long from = group * shape.groupBytes();
        bytes.position((int) Math.max(0, range.start() - from));
        bytes.limit((int) Math.min(bytes.limit(), range.end() - from));
        if (bytes.hasRemaining()) {
            sink.bytes(from + bytes.position(), bytes);
        }
    }

    private static void check(byte[] actual, byte[] expected) throws AuthenticationException {
        if (!Arrays.equals(actual, expected)) {
            throw new AuthenticationException();
        }
    }

    private static byte[] read(InputStream in, int count) throws AuthenticationException, IOException {
        byte[] out = in.readNBytes(Math.min(count, MAX_GROUP_BYTES_READ));
        if (out.length < count) {
            throw new AuthenticationException();
        }
        return out;
    }
}
