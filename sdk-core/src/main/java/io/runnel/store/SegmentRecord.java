package io.runnel.store;

import io.runnel.crypto.BlobId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What a segment file says it holds. It is written in turn to one of two slots at the file's start, so that a torn write
 * leaves the one before. Big-endian: magic {@code RNS2}, sequence (8), length of what follows without the check (4); for each
 * blob its id (32), size (8) and number of pages (4), and for each page its array (1: 0 the blob, 1 its outboard), index
 * (8), place in the file (8), the units held as a bit for each (8), and the CRC-32C of each of those (4); a CRC-32C of
 * all before it (4).
 *
 * @param sequence the higher, the newer
 * @param pages in the order written
 */
record SegmentRecord(long sequence, List<RecordedPage> pages) {
    static final int SLOT_BYTES = 64 << 10;

    /** A record of nothing. */
    static final int EMPTY_BYTES = 4 + 8 + 4 + 4;

    /** What a blob adds. */
    static final int BLOB_BYTES = 32 + 8 + 4;

    private static final int MAGIC = 0x524E5332;
    private static final int HEAD_BYTES = 16;

    /** The record of a segment, ready to be written. */
    static ByteBuffer encode(Segment segment, long sequence) {
        ByteBuffer out = ByteBuffer.allocate(SLOT_BYTES);
        out.putInt(MAGIC).putLong(sequence).putInt(0);
        for (Map.Entry<BlobId, List<Page>> blob : segment.pages().entrySet()) {
            List<Page> pages =
                    blob.getValue().stream().filter(page -> page.held != 0).toList();
            if (!pages.isEmpty()) {
                out.put(blob.getKey().bytes())
                        .putLong(pages.get(0).array.blob().sizeBytes())
                        .putInt(pages.size());
                pages.forEach(page -> RecordedPage.write(page, out));
            }
        }
        out.putInt(12, out.position() - HEAD_BYTES);
        return out.putInt(crc(out.array(), out.position())).flip();
    }

    /** Where the record with this sequence goes in the file. */
    static long slot(long sequence) {
        return (sequence & 1) * SLOT_BYTES;
    }

    /**
     * The newest whole record of a file that can be read, or null where the file has none.
     *
     * @throws IOException if the file cannot be opened, or not be read so far that it is known to have none
     */
    static @Nullable SegmentRecord newest(StoreFile file) throws IOException {
        long length = file.size();
        SegmentRecord newest = null;
        IOException unread = null;
        for (long slot : new long[] {slot(0), slot(1)}) {
            try {
                SegmentRecord record = read(file, slot, length);
                if (record != null && (newest == null || record.sequence > newest.sequence)) {
                    newest = record;
                }
            } catch (IOException e) {
                unread = e;
            }
        }
        if (newest == null && unread != null) {
            throw unread;
        }
        return newest;
    }

    private static @Nullable SegmentRecord read(StoreFile file, long slot, long fileBytes) throws IOException {
        if (fileBytes < slot + EMPTY_BYTES) {
            return null;
        }
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        file.read(slot, head);
        int length = head.getInt(12);
        if (head.getInt(0) != MAGIC || length < 0 || length > SLOT_BYTES - EMPTY_BYTES) {
            return null;
        }
        int total = EMPTY_BYTES + length;
        if (fileBytes < slot + total) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.allocate(total);
        file.read(slot, bytes);
        return decode(bytes.array());
    }

    /** The record in these bytes, or null where they are not just a record. */
    static @Nullable SegmentRecord decode(byte[] bytes) {
        if (bytes.length < EMPTY_BYTES || bytes.length > SLOT_BYTES) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        boolean whole = in.getInt(bytes.length - 4) == crc(bytes, bytes.length - 4)
                && in.getInt() == MAGIC
                && in.getInt(12) == bytes.length - EMPTY_BYTES;
        if (!whole) {
            return null;
        }
        long sequence = in.getLong();
        in.position(HEAD_BYTES).limit(bytes.length - 4);
        List<RecordedPage> pages = new ArrayList<>();
        while (in.hasRemaining()) {
            if (!readBlob(in, pages)) {
                return null;
            }
        }
        return new SegmentRecord(sequence, pages);
    }

    private static boolean readBlob(ByteBuffer in, List<RecordedPage> pages) {
        if (in.remaining() < BLOB_BYTES) {
            return false;
        }
        byte[] id = new byte[BlobId.BYTES];
        in.get(id);
        BlobId blob = BlobId.of(id);
        long sizeBytes = in.getLong();
        int count = in.getInt();
        if (sizeBytes < 1 || count < 1) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            RecordedPage page = RecordedPage.read(blob, sizeBytes, in);
            if (page == null) {
                return false;
            }
            pages.add(page);
        }
        return true;
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
