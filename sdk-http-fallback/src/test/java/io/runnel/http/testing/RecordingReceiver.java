package io.runnel.http.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.source.BlobSource.GroupReceiver;
import io.runnel.source.SourceException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps what a fetch delivers, and checks that it comes in order and ends once. */
public final class RecordingReceiver implements GroupReceiver {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<Optional<SourceException>> end = new CompletableFuture<>();
    private final AtomicInteger ends = new AtomicInteger();
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger pieces = new AtomicInteger();
    private volatile boolean misplaced;
    private volatile boolean overlapped;
    private long next;

    /** For a fetch from this group on. */
    public RecordingReceiver(long firstGroup) {
        next = firstGroup;
    }

    @Override
    public void received(long firstGroup, ByteBuffer piece) {
        overlapped |= inside.incrementAndGet() != 1;
        misplaced |= firstGroup != next || !piece.hasRemaining();
        next = firstGroup + (piece.remaining() + 16383) / 16384;
        byte[] copy = new byte[piece.remaining()];
        piece.get(copy);
        synchronized (bytes) {
            bytes.writeBytes(copy);
        }
        pieces.incrementAndGet();
        inside.decrementAndGet();
    }

    @Override
    public void completed() {
        ends.incrementAndGet();
        end.complete(Optional.empty());
    }

    @Override
    public void failed(SourceException failure) {
        ends.incrementAndGet();
        end.complete(Optional.of(failure));
    }

    /** Waits for the end; the failure, if it failed. */
    public Optional<SourceException> end() {
        Optional<SourceException> how;
        try {
            how = end.get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("no end of the fetch", e);
        }
        assertThat(ends).hasValue(1);
        assertThat(misplaced).as("misplaced").isFalse();
        assertThat(overlapped).as("two calls at a time").isFalse();
        return how;
    }

    /** Waits for a failure; its reason. */
    public SourceException.Reason failure() {
        return end().orElseThrow(() -> new AssertionError("completed")).reason();
    }

    /** What has come. */
    public byte[] bytes() {
        synchronized (bytes) {
            return bytes.toByteArray();
        }
    }

    /** How many pieces have come. */
    public int pieces() {
        return pieces.get();
    }

    /** Whether the end was told. */
    public boolean hasEnded() {
        return end.isDone();
    }
}
