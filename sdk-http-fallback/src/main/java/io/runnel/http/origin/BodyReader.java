package io.runnel.http.origin;

import io.netty.buffer.ByteBuf;
import io.runnel.source.SourceException.Reason;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Copies the body of one answer into batches of whole units, counting every byte. Safe for use on any thread, as the owner
 * of a transfer may end what the connection's loop still reads; Netty's buffers are free again once {@link #take} returns.
 */
final class BodyReader {
    /** A batch is what is verified at once: eight groups of 16 KiB. */
    static final int BATCH_BYTES = 1 << 17;

    private final String origin;
    private final long to;
    private final int unit;
    private final Batches batches;
    private long position;
    private @Nullable ByteBuffer batch;
    private boolean salvaged;

    /** Takes what was read. */
    interface Batches {
        /**
         * A batch is complete.
         *
         * @param position of its first byte
         * @param bytes whole units, or up to the end of the range
         */
        void batch(long position, ByteBuffer bytes);
    }

    BodyReader(String origin, long from, long to, int unit, Batches batches) {
        this.origin = origin;
        this.position = from;
        this.to = to;
        this.unit = unit;
        this.batches = batches;
    }

    /**
     * Copies the bytes out; no effect after {@link #salvage}.
     *
     * @throws AttemptException if there are more than the range has; none of these is passed on then
     */
    synchronized void take(ByteBuf body) {
        if (salvaged) {
            return;
        }
        if (body.readableBytes() > to - position) {
            throw AttemptException.lasting(Reason.PROTOCOL, origin + " sent more than it was asked for");
        }
        while (body.isReadable()) {
            ByteBuffer into = batch;
            if (into == null) {
                into = ByteBuffer.allocate((int) Math.min(BATCH_BYTES, to - position));
                batch = into;
            }
            int count = Math.min(into.remaining(), body.readableBytes());
            int limit = into.limit();
            body.readBytes(into.limit(into.position() + count));
            into.limit(limit);
            position += count;
            if (!into.hasRemaining()) {
                emit(into.flip());
            }
        }
    }

    /**
     * Passes on the whole units that wait for the rest of their batch, and nothing after them; for the end of a body that
     * was cut short. Idempotent.
     */
    synchronized void salvage() {
        ByteBuffer waiting = batch;
        if (waiting != null && !salvaged) {
            waiting.flip();
            int partial = waiting.remaining() % unit;
            position -= partial;
            waiting.limit(waiting.limit() - partial);
            if (waiting.hasRemaining()) {
                emit(waiting);
            }
        }
        salvaged = true;
    }

    /** Position of the next byte. */
    synchronized long position() {
        return position;
    }

    private void emit(ByteBuffer bytes) {
        batch = null;
        batches.batch(position - bytes.remaining(), bytes);
    }
}
