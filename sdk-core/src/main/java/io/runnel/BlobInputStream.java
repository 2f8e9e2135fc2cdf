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
        return ahead.hasRemaining() ? ahead.get() & 0xff : -1;
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
        return count == 0 ? -1 : count;
    }

    @Override
    public long skip(long count) {
        long skipped = Math.max(0, Math.min(count, end - reader.position()));
        if (skipped > 0) {
            reader.seek(reader.position() + skipped);
        }
        return skipped;
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
