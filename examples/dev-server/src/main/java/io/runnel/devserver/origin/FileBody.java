package io.runnel.devserver.origin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Scheduler;

/** A stretch of a file as a stream of buffers that are read, on a disk thread, only when the connection asks for them. */
final class FileBody {
    private static final int BUFFER_BYTES = 1 << 16;

    private final FileChannel file;
    private final ByteBufAllocator allocator;
    private long position;
    private long remaining;

    private FileBody(FileChannel file, ByteBufAllocator allocator, long first, long length) {
        this.file = file;
        this.allocator = allocator;
        this.position = first;
        this.remaining = length;
    }

    /**
     * The stream.
     *
     * @param first offset of the first byte
     * @param length in bytes, at least 1, within the file
     * @param disk where the file is read
     */
    static Flux<ByteBuf> read(Path file, long first, long length, ByteBufAllocator allocator, Scheduler disk) {
        return Flux.generate(
                        () -> new FileBody(
                                FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS),
                                allocator,
                                first,
                                length),
                        FileBody::next,
                        FileBody::close)
                .subscribeOn(disk);
    }

    private FileBody next(SynchronousSink<ByteBuf> sink) {
        int wanted = (int) Math.min(BUFFER_BYTES, remaining);
        ByteBuf buffer = allocator.directBuffer(wanted, wanted);
        try {
            fill(buffer, wanted);
        } catch (IOException e) {
            buffer.release();
            sink.error(e);
            return this;
        }
        sink.next(buffer);
        if (remaining == 0) {
            sink.complete();
        }
        return this;
    }

    private void fill(ByteBuf buffer, int wanted) throws IOException {
        while (buffer.readableBytes() < wanted) {
            int read = buffer.writeBytes(file, position, wanted - buffer.readableBytes());
            if (read < 0) {
                throw new EOFException("the file became shorter while it was served");
            }
            position += read;
            remaining -= read;
        }
    }

    private void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
