package io.runnel.http.origin;

import io.runnel.source.BlobSource.Transfer;
import io.runnel.source.SourceException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stretch of a file as several ranges at once and delivers it in order. All state belongs to the owner's event
 * loop. What arrives ahead of its turn waits, and keeps its permit while it does: so what waits is bounded by the permits.
 */
final class OriginTransfer implements Transfer {
    /** Long enough that the round trip of a request is small beside it, short enough to share out. */
    static final int RANGE_BYTES = 1 << 20;

    private final OriginAccess access;
    private final OriginSource.FileLookup lookup;
    private final long end;
    private final int unit;
    private final RangeGet.Sink receiver;
    private final Consumer<OriginTransfer> whenEnded;
    private final Deque<Piece> pieces = new ArrayDeque<>();
    private long next;
    private @Nullable OriginFile file;
    private boolean waitingForPermit;
    private boolean ended;

    /**
     * A transfer that has not begun.
     *
     * @param lookup says where the file is
     * @param span what of it to read
     * @param unit what is delivered is a multiple of this, except at the end
     * @param receiver hears exactly one of {@code done} and {@code failed}
     * @param whenEnded called once, before the receiver hears of the end
     */
    OriginTransfer(
            OriginAccess access,
            OriginSource.FileLookup lookup,
            ByteSpan span,
            int unit,
            RangeGet.Sink receiver,
            Consumer<OriginTransfer> whenEnded) {
        this.access = access;
        this.lookup = lookup;
        this.next = span.from();
        this.end = span.to();
        this.unit = unit;
        this.receiver = receiver;
        this.whenEnded = whenEnded;
    }

    void begin() {
        hop(() -> {
            if (ended) {
                return;
            }
            try {
                file = lookup.find();
                askForPermit();
            } catch (SourceException e) {
                fail(e);
            }
        });
    }

    @Override
    public void cancel() {
        hop(() -> fail(new SourceException(SourceException.Reason.CLOSED, "the transfer was cancelled")));
    }

    private void hop(Runnable task) {
        try {
            access.owner().execute(task);
        } catch (RejectedExecutionException e) {
            // The loop has ended, and with it every task: nothing else can touch the state any more.
            fail(new SourceException(SourceException.Reason.CLOSED, "the origin was closed"));
        }
    }

    private void askForPermit() {
        if (!ended
                && !waitingForPermit
                && next < end
                && pieces.size() < access.settings().connections()) {
            waitingForPermit = true;
            access.permits().acquire(() -> hop(this::startPiece));
        }
    }

    private void startPiece() {
        waitingForPermit = false;
        OriginFile found = file;
        if (ended || found == null) {
            access.permits().release();
            return;
        }
        long from = next;
        next = Math.min(end, from + RANGE_BYTES);
        Piece piece = new Piece(found, from, next);
        pieces.add(piece);
        piece.get.begin();
        askForPermit();
    }

    /** Delivers what has come of the first piece, and of the next ones as far as they are complete. */
    private void deliver() {
        for (Piece head = pieces.peek(); head != null && !ended; head = pieces.peek()) {
            for (Batch batch = head.arrived.poll(); batch != null; batch = head.arrived.poll()) {
                receiver.bytes(batch.position, batch.bytes);
            }
            if (!head.complete) {
                return;
            }
            pieces.remove();
            access.permits().release();
            askForPermit();
        }
        if (!ended && next == end) {
            end();
            receiver.done();
        }
    }

    private void fail(SourceException failure) {
        if (!ended) {
            end();
            receiver.failed(failure);
        }
    }

    private void end() {
        ended = true;
        for (Piece piece : pieces) {
            piece.get.cancel();
            piece.arrived.forEach(batch -> access.late().accept(batch.bytes.remaining()));
            access.permits().release();
        }
        pieces.clear();
        whenEnded.accept(this);
    }

    private record Batch(long position, ByteBuffer bytes) {}

    /** One range under way. */
    private final class Piece implements RangeGet.Sink {
        private final RangeGet get;
        private final Deque<Batch> arrived = new ArrayDeque<>();
        private boolean complete;

        Piece(OriginFile file, long from, long to) {
            get = new RangeGet(access, file, from, to, unit, this);
        }

        @Override
        public void bytes(long position, ByteBuffer bytes) {
            arrived.add(new Batch(position, bytes));
            deliver();
        }

        @Override
        public void done() {
            complete = true;
            deliver();
        }

        @Override
        public void failed(SourceException failure) {
            fail(failure);
        }
    }
}
