package io.runnel.http.origin;

import io.netty.buffer.ByteBuf;
import io.runnel.source.SourceException.Reason;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Copies the body of one answer into batches of whole units, counting every byte. Safe for use on any thread, as the owner
 * of a transfer may end what the connection's loop still reads; Netty's buffers are free again once {@link #take} returns.
 */
final class BodyReader {
    /** A batch is what is verified at once: eight groups of 16 KiB. */
    static final int BATCH_BYTES = 1 << 17;

    /** Whole units of a slow answer wait no longer for the rest of their batch: a reader may wait for the first of them. */
    private static final long BATCH_NANOS = 50_000_000;

    private final String origin;
    private final long to;
    private final int unit;
    private final Batches batches;
    private final LongSupplier clock;
    private long position;
    private @Nullable ByteBuffer batch;
    private long batchStartNanos;
    private int held;
    private boolean ended;

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

    /**
     * A reader of an answer that has not begun.
     *
     * @param from position of the first byte
     * @param to position after the last
     * @param unit bytes in a unit
     * @param clock nanoseconds, as of {@link System#nanoTime}
     */
    BodyReader(String origin, long from, long to, int unit, Batches batches, LongSupplier clock) {
        this.origin = origin;
        this.position = from;
        this.to = to;
        this.unit = unit;
        this.batches = batches;
        this.clock = clock;
    }

    /**
     * Copies the bytes out; no effect after {@link #salvage} or {@link #drop}.
     *
     * @throws AttemptException if there are more than the range has; none of these is passed on then
     */
    synchronized void take(ByteBuf body) {
        if (ended) {
            return;
        }
        if (body.readableBytes() > to - position) {
            throw AttemptException.lasting(Reason.PROTOCOL, origin + " sent more than it was asked for");
        }
        while (body.isReadable()) {
            ByteBuffer into = batch;
            if (into == null) {
                into = begin(0);
            }
            int count = Math.min(into.remaining(), body.readableBytes());
            int limit = into.limit();
            body.readBytes(into.limit(into.position() + count));
            into.limit(limit);
            position += count;
            held += count;
            if (!into.hasRemaining()) {
                emit(into.flip());
            }
        }
        ByteBuffer waiting = batch;
        if (waiting != null && waiting.position() >= unit && clock.getAsLong() - batchStartNanos > BATCH_NANOS) {
            ByteBuffer rest = waiting.duplicate().flip();
            rest.position(rest.limit() - rest.limit() % unit);
            emitWhole(waiting);
            if (rest.hasRemaining()) {
                position += rest.remaining();
                begin(rest.remaining()).put(rest);
            }
        }
    }

    /** A batch that has room for what comes next, and for some bytes before it. */
    private ByteBuffer begin(int before) {
        ByteBuffer begun = ByteBuffer.allocate((int) Math.min(BATCH_BYTES, to - position + before));
        batch = begun;
        batchStartNanos = clock.getAsLong();
        return begun;
    }

    /**
     * Passes on the whole units that wait for the rest of their batch, and nothing after them; for the end of a body that
     * was cut short. Idempotent.
     */
    synchronized void salvage() {
        ByteBuffer waiting = batch;
        if (waiting != null && !ended) {
            emitWhole(waiting);
        }
        ended = true;
    }

    /**
     * Passes on nothing more. A second call returns 0.
     *
     * @return how many bytes came and were not passed on
     */
    synchronized int drop() {
        ended = true;
        int dropped = held;
        held = 0;
        batch = null;
        return dropped;
    }

    private void emitWhole(ByteBuffer waiting) {
        int partial = waiting.position() % unit;
        waiting.flip().limit(waiting.limit() - partial);
        position -= partial;
        if (waiting.hasRemaining()) {
            emit(waiting);
        }
    }

    /** Position of the next byte. */
    synchronized long position() {
        return position;
    }

    private void emit(ByteBuffer bytes) {
        batch = null;
        held -= bytes.remaining();
        batches.batch(position - bytes.remaining(), bytes);
    }
}
