package io.runnel;

import io.runnel.engine.BlobReader;
import io.runnel.engine.BlobSession;
import io.runnel.engine.ReadMode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Plaintext in order, a piece at a time. */
final class BlobInputStream extends InputStream {
    private static final int PIECE_BYTES = 128 * 1024;

    private final BlobReader reader;
    private final String name;
    private final long size;
    private final ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES).limit(0);
    private long offset;

    BlobInputStream(BlobSession session, long offset) {
        this.reader = session.reader(ReadMode.STREAM);
        this.name = "reading blob " + session.id();
        this.size = session.plaintextBytes();
        this.offset = offset;
    }

    @Override
    public int read() throws IOException {
        return fill() ? piece.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, piece.remaining());
        piece.get(target, from, count);
        return count;
    }

    /** Makes sure the piece has a byte; false at the end of the blob. */
    private boolean fill() throws IOException {
        if (piece.hasRemaining()) {
            return true;
        }
        if (offset >= size) {
            return false;
        }
        piece.clear().limit((int) Math.min(PIECE_BYTES, size - offset));
        try {
            Pieces.read(reader, offset, piece, size, name);
        } catch (IOException e) {
            piece.limit(0);
            throw e;
        }
        offset += piece.flip().limit();
        return true;
    }

    @Override
    public long skip(long count) {
        long inPiece = Math.max(0, Math.min(count, piece.remaining()));
        piece.position(piece.position() + (int) inPiece);
        long beyond = Math.max(0, Math.min(count - inPiece, size - offset));
        offset += beyond;
        return inPiece + beyond;
    }

    @Override
    public int available() {
        return piece.remaining();
    }

    @Override
    public void close() {
        reader.close();
    }
}
