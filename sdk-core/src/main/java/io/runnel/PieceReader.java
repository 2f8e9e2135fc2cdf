package io.runnel;

import io.runnel.engine.BlobReader;
import io.runnel.fetch.ByteRange;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Plaintext of a range in order, from a position that can be moved. For one thread, save {@link #close}. */
final class PieceReader implements AutoCloseable {
    /** The first piece at a new position is small: it lies within one or two chunk groups and is there soon. */
    private static final int FIRST_PIECE_BYTES = 8 * 1024;

    private static final int PIECE_BYTES = 128 * 1024;

    private final BlobReader reader;
    private final long end;
    private final String what;
    private final ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES).limit(0);

    /** Of the first byte after the piece. */
    private long offset;

    private int nextPieceBytes = FIRST_PIECE_BYTES;
    private volatile boolean closed;

    /** A reader at the start of the range; owns the blob reader. */
    PieceReader(BlobReader reader, ByteRange range, String what) {
        this.reader = reader;
        this.offset = range.offset();
        this.end = range.end();
        this.what = what;
    }

    /**
     * What follows at the position; the caller consumes it by moving the buffer's position. Blocks until there is some.
     *
     * @return empty at the end of the range
     */
    ByteBuffer ahead() throws IOException {
        if (closed || (!piece.hasRemaining() && offset < end)) {
            fill();
        }
        return piece;
    }

    private void fill() throws IOException {
        // Stays empty until the next piece is there, whatever is thrown until then.
        piece.limit(0);
        // Beyond the end nothing is read but once this is closed, and then the reader says so.
        long from = Math.min(offset, end);
        ByteBuffer next = piece.duplicate().clear().limit((int) Math.min(nextPieceBytes, end - from));
        Pieces.read(reader, from, next, end, what);
        offset += piece.limit(next.limit()).limit();
        nextPieceBytes = PIECE_BYTES;
    }

    /** Bytes that can be had without waiting. */
    int buffered() {
        return closed ? 0 : piece.remaining();
    }

    long position() {
        return offset - piece.remaining();
    }

    /** Goes on at a position within the blob. What was asked for elsewhere is cancelled. */
    void seek(long position) {
        long inPiece = position - (offset - piece.limit());
        if (inPiece >= 0 && inPiece <= piece.limit()) {
            piece.position((int) inPiece);
        } else {
            piece.limit(0);
            offset = position;
            nextPieceBytes = FIRST_PIECE_BYTES;
            reader.seek(position);
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Wants nothing any more. For who has read all and does not go back; idempotent. */
    void release() {
        reader.close();
    }

    /** Makes a read under way, and all later ones, fail. Any thread; idempotent. */
    @Override
    public void close() {
        closed = true;
        release();
    }
}
