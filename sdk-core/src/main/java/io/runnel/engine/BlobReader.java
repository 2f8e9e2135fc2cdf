package io.runnel.engine;

import io.runnel.crypto.AuthenticationException;
import io.runnel.crypto.cipher.BlobDecryptor;
import io.runnel.crypto.cipher.RangeCipher;
import io.runnel.crypto.tree.TreeShape;
import io.runnel.engine.plan.Demand;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.Playback;
import io.runnel.fetch.PlaybackHint;
import io.runnel.source.GroupRange;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One reader of a blob: says what it wants next, waits for it, and turns it into plaintext. Methods may be called from
 * any thread, one at a time; {@link #close} at any time.
 */
public final class BlobReader implements AutoCloseable {
    /** Bytes of the blob before the plaintext's first: the nonce. */
    static final int NONCE_BYTES = 24;

    /** Bytes of the blob after the plaintext's last: the tag. */
    static final int TAG_BYTES = 16;

    private static final long NOT_STREAMING = -1;

    private final BlobSession session;

    private final ReadMode mode;
    private final Playback playback;
    private final Consumer<BlobReader> onClose;
    private final int groupBytes;
    private final long size;

    /** What it wants, as the loop sees it. */
    final Reach reach;

    /** Where the beginning of a download ends, which is due at once; owned by the engine loop. */
    long urgentEnd = -1;

    /** Owned by the engine loop. */
    private final ReadingPace pace = new ReadingPace();

    /** Whether the loop has seen the close; owned by the engine loop. */
    boolean released;

    /** How far the blob went through this reader from its first byte on without a gap. */
    private long streamed;

    private @Nullable BlobDecryptor whole;
    private @Nullable RangeCipher range;
    private boolean closed;

    /** What {@link #want} returned last. */
    private volatile @Nullable CompletableFuture<?> waiting;

    BlobReader(BlobSession session, ReadMode mode, TreeShape shape, Playback playback, Consumer<BlobReader> onClose) {
        this.session = session;
        this.mode = mode;
        this.reach = session.reach(mode);
        this.playback = playback;
        this.onClose = onClose;
        this.groupBytes = shape.groupBytes();
        this.size = session.plaintextBytes();
    }

    ReadMode mode() {
        return mode;
    }

    /**
     * On the engine loop: how fast the plaintext is taken, and how long the player can go on with what it has. The byte at
     * {@code offset} is due when the buffer and what lies between it and the reader's position have been played. No rate
     * and no buffer where nothing is known.
     */
    PlaybackHint playback(long nowNanos) {
        return pace.at(playback.latest(), nowNanos);
    }

    /**
     * On the engine loop: the reader wants this plaintext now.
     *
     * @return whether it goes on where it had stopped
     */
    boolean goesOn(long offset, long length, long nowNanos) {
        return pace.wants(offset, length, playback.latest(), nowNanos);
    }

    /**
     * On the engine loop: what it wants now, and when.
     *
     * @param urgentGroups groups a second that a reader whose pace nobody reports is taken to read at least; a download
     *     begins with as many at that pace
     */
    List<Demand> demands(long nowNanos, long urgentGroups) {
        GroupRange wanted = reach.wanted();
        if (wanted.isEmpty()) {
            return List.of();
        }
        if (mode == ReadMode.STREAM && urgentGroups > 0) {
            return stream(nowNanos, urgentGroups);
        }
        if (mode == ReadMode.PREFETCH) {
            return List.of(Demand.undated(wanted, Demand.Priority.PREFETCH));
        }
        Demand rest = Demand.undated(wanted, Demand.Priority.DOWNLOAD);
        if (urgentGroups == 0 || wanted.first() >= urgentEnd) {
            return List.of(rest);
        }
        GroupRange head = new GroupRange(wanted.first(), Math.min(wanted.end(), urgentEnd));
        return List.of(new Demand(head, Demand.Priority.DOWNLOAD, nowNanos, urgentGroups), rest);
    }

    private List<Demand> stream(long nowNanos, long urgentGroups) {
        PlaybackHint hint = playback(nowNanos);
        double pace = (double) hint.bytesPerSecond() / groupBytes;
        if (playback.latest().bytesPerSecond() == 0) {
            // A reader that had to wait looks slower than it is.
            pace = Math.max(pace, (double) urgentGroups);
        }
        long due = nowNanos + hint.bufferAhead().toNanos();
        long awaitedDue = hint.bufferAhead().isZero() ? reach.sinceNanos() : due;
        return Demand.inOrder(reach.awaited(), awaitedDue, reach.wanted().end(), due, pace);
    }

    /**
     * Wants plaintext from {@code offset} on, and looks ahead.
     *
     * @param length bytes that the returned future waits for, 0 or more
     * @param end where the reader will stop; the look-ahead does not go beyond
     * @return completes when they can be read, or fails with a {@code FetchException}
     */
    public CompletableFuture<@Nullable Void> want(long offset, long length, long end) {
        long from = (offset + NONCE_BYTES) / groupBytes;
        GroupRange now = new GroupRange(from, groupEnd(offset + length));
        GroupRange later = new GroupRange(from, groupEnd(Math.max(end, offset + length)));
        CompletableFuture<@Nullable Void> held = session.want(this, new BlobSession.Wish(offset, length, now, later));
        waiting = held;
        return held;
    }

    /**
     * Will go on at {@code offset}, whenever it does: what was asked for elsewhere and has not come is cancelled at once,
     * where nobody else wants it.
     */
    public void seek(long offset) {
        session.seek(this, offset < size ? (offset + NONCE_BYTES) / groupBytes : groupEnd(size));
    }

    /** The last byte brings the tag with it, which may be in a group of its own. */
    private long groupEnd(long plaintextEnd) {
        long end = NONCE_BYTES + plaintextEnd + (plaintextEnd >= size ? TAG_BYTES : 0);
        return (end + groupBytes - 1) / groupBytes;
    }

    /**
     * Decrypts what the store holds. Blocks on the store. A reader that takes the whole blob in order, from its first
     * byte to its last, also checks the blob's tag at the end.
     *
     * @param target filled from its position to its limit
     * @return false where the store does not hold all of it any more: want it again. The target is then unchanged
     * @throws FetchException if the store fails, the blob or this reader is closed, or the tag is wrong
     */
    public boolean read(long offset, ByteBuffer target) throws FetchException {
        long end = offset + target.remaining();
        GroupRange groups = new GroupRange((offset + NONCE_BYTES) / groupBytes, groupEnd(end));
        ByteBuffer bytes = session.readHeld(groups);
        byte[] nonce = session.nonce();
        if (bytes == null || nonce == null) {
            return false;
        }
        int from = (int) (offset + NONCE_BYTES - groups.first() * groupBytes);
        ByteBuffer ciphertext = bytes.slice(from, target.remaining());
        synchronized (this) {
            if (closed) {
                throw session.closedFailure();
            }
            if (offset == streamed) {
                stream(nonce, ciphertext, target);
                if (streamed == size) {
                    byte[] tag = new byte[TAG_BYTES];
                    bytes.get(from + (int) (end - offset), tag);
                    finish(tag);
                }
            } else {
                streamed = NOT_STREAMING;
                if (range == null) {
                    range = session.rangeCipher(nonce);
                }
                range.apply(offset, ciphertext, target);
            }
        }
        reach.taken();
        session.delivered();
        return true;
    }

    private void stream(byte[] nonce, ByteBuffer ciphertext, ByteBuffer target) throws FetchException {
        if (whole == null) {
            whole = session.blobDecryptor(nonce);
        }
        streamed += ciphertext.remaining();
        whole.update(ciphertext, target);
    }

    /** The whole blob went through this reader in order: its tag is checked too. */
    private void finish(byte[] tag) throws FetchException {
        streamed = NOT_STREAMING;
        try {
            if (whole != null) {
                whole.finish(tag);
            }
        } catch (AuthenticationException forged) {
            throw new FetchException(
                    FetchException.Reason.INTEGRITY,
                    "blob " + session.id() + ": its tag does not fit its key: publish it again",
                    forged);
        }
    }

    /** Any thread, once the engine loop was given up: ends it, and who waits for it. */
    void abandon(FetchException why) {
        CompletableFuture<?> held = waiting;
        if (held != null) {
            held.completeExceptionally(why);
        }
        close();
    }

    /** Wants nothing any more and wipes its cipher. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (range != null) {
                range.close();
            }
            if (whole != null) {
                whole.close();
            }
        }
        reach.close();
        session.readerClosed(this);
        onClose.accept(this);
    }
}
