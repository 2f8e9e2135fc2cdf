package io.runnel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** A blob as a channel to read from. */
final class BlobChannel implements SeekableByteChannel {
    private final PieceReader reader;
    private final long size;

    BlobChannel(PieceReader reader, long size) {
        this.reader = reader;
        this.size = size;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        requireOpen();
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("target: is read-only");
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        ByteBuffer ahead;
        try {
            ahead = reader.ahead();
        } catch (IOException e) {
            if (reader.isClosed()) {
                AsynchronousCloseException closed = new AsynchronousCloseException();
                closed.initCause(e);
                throw closed;
            }
            throw e;
        }
        int count = Math.min(target.remaining(), ahead.remaining());
        target.put(ahead.slice(ahead.position(), count));
        ahead.position(ahead.position() + count);
        return count == 0 ? -1 : count;
    }

    @Override
    public long position() throws ClosedChannelException {
        requireOpen();
        return reader.position();
    }

    @Override
    public SeekableByteChannel position(long newPosition) throws ClosedChannelException {
        requireOpen();
        if (newPosition < 0) {
            throw new IllegalArgumentException("position: " + newPosition + ", must not be negative");
        }
        reader.seek(newPosition);
        return this;
    }

    @Override
    public long size() throws ClosedChannelException {
        requireOpen();
        return size;
    }

    private void requireOpen() throws ClosedChannelException {
        if (reader.isClosed()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long newSize) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return !reader.isClosed();
    }

    @Override
    public void close() {
        reader.close();
    }
}
