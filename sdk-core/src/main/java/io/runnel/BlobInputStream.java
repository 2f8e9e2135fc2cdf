package io.runnel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A range as a stream. */
final class BlobInputStream extends InputStream {
    private final PieceReader reader;
    private final long end;

    BlobInputStream(PieceReader reader, long end) {
        this.reader = reader;
        this.end = end;
    }

    @Override
    public int read() throws IOException {
        ByteBuffer ahead = reader.ahead();
        int next = ahead.hasRemaining() ? ahead.get() & 0xff : -1;
        releaseAtEnd();
        return next;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, target.length);
        if (length == 0) {
            return 0;
        }
        ByteBuffer ahead = reader.ahead();
        int count = Math.min(length, ahead.remaining());
        ahead.get(target, from, count);
        releaseAtEnd();
        return count == 0 ? -1 : count;
    }

    @Override
    public long skip(long count) throws IOException {
        if (reader.isClosed()) {
            // Fails, as a read does.
            reader.ahead();
        }
        long skipped = Math.max(0, Math.min(count, end - reader.position()));
        if (skipped > 0) {
            reader.seek(reader.position() + skipped);
            releaseAtEnd();
        }
        return skipped;
    }

    /** A stream does not go back: at its end it reads no more, whether it is closed or not. */
    private void releaseAtEnd() {
        if (reader.position() == end) {
            reader.release();
        }
    }

    @Override
    public int available() {
        return reader.buffered();
    }

    @Override
    public void close() {
        reader.close();
    }
}
