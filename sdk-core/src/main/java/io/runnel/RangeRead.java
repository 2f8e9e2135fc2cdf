package io.runnel;

import io.runnel.engine.BlobReader;
import io.runnel.engine.BlobSession;
import io.runnel.fetch.ByteRange;
import io.runnel.fetch.FetchException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One asynchronous read of a range: waits for a piece, decrypts it, and goes on with the next. */
final class RangeRead {
    /** Small enough that the first piece is there soon and a small store holds it; large enough to cost no overhead. */
    private static final int PIECE_BYTES = 1 << 20;

    private final BlobSession session;
    private final BlobReader reader;
    private final long offset;
    private final byte[] bytes;
    private final ByteBuffer target;
    private final CompletableFuture<ByteBuffer> result = new CompletableFuture<>();

    /** A read through a reader of the session, which it owns. */
    RangeRead(BlobSession session, BlobReader reader, ByteRange range) {
        this.session = session;
        this.reader = reader;
        this.offset = range.offset();
        this.bytes = new byte[(int) range.length()];
        this.target = ByteBuffer.wrap(bytes);
    }

    /** Starts the read; once. */
    CompletableFuture<ByteBuffer> start() {
        CompletableFuture<?> unused = result.whenComplete((read, failure) -> reader.close());
        next();
        return result;
    }

    /** What was read, once the future has completed. */
    byte[] bytes() {
        return bytes;
    }

    private void next() {
        if (!target.hasRemaining()) {
            result.complete(target.flip());
            return;
        }
        int length = Math.min(PIECE_BYTES, target.remaining());
        CompletableFuture<?> unused = reader.want(offset + target.position(), length, offset + target.capacity())
                .whenComplete((nothing, failure) -> wanted(length, failure));
    }

    private void wanted(int length, @Nullable Throwable failure) {
        if (failure != null) {
            result.completeExceptionally(failure);
        } else if (!result.isDone()) {
            session.work(
                    () -> take(length),
                    () -> result.completeExceptionally(
                            new FetchException(FetchException.Reason.CLOSED, "the client was closed")));
        }
    }

    private void take(int length) {
        try {
            ByteBuffer piece = target.slice(target.position(), length);
            if (reader.read(offset + target.position(), piece)) {
                target.position(target.position() + length);
            }
            next();
        } catch (IOException | RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }
}
