package io.runnel.engine;

import io.runnel.crypto.cipher.RangeCipher;
import io.runnel.crypto.tree.TreeShape;
import io.runnel.source.GroupRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One reader of a blob: says what it wants next, waits for it, and turns it into plaintext. Methods may be called from
 * any thread, one at a time; {@link #close} at any time.
 */
public final class BlobReader implements AutoCloseable {
    /** Bytes of the blob before the plaintext's first: the nonce. */
    static final int NONCE_BYTES = 24;

    private final BlobSession session;
    private final ReadMode mode;
    private final int groupBytes;

    /** The wish as the loop sees it; owned by the engine loop. */
    GroupRange wanted = new GroupRange(0, 0);

    /** Groups before this may come from the origin at once; owned by the engine loop. */
    long urgentEnd = -1;

    /** Whether the loop has seen the close; owned by the engine loop. */
    boolean released;

    private @Nullable RangeCipher cipher;
    private boolean closed;

    BlobReader(BlobSession session, ReadMode mode, TreeShape shape) {
        this.session = session;
        this.mode = mode;
        this.groupBytes = shape.groupBytes();
    }

    ReadMode mode() {
        return mode;
    }

    /**
     * Wants plaintext from {@code offset} on, and looks ahead.
     *
     * @param length bytes that the returned future waits for, at least 1
     * @param end where the reader will stop; the look-ahead does not go beyond
     * @return completes when they can be read, or fails with a {@code FetchException}
     */
    public CompletableFuture<@Nullable Void> want(long offset, long length, long end) {
        long from = (offset + NONCE_BYTES) / groupBytes;
        GroupRange now = new GroupRange(from, groupEnd(offset + length));
        GroupRange later = new GroupRange(from, groupEnd(Math.max(end, offset + length)));
        return session.want(this, now, later);
    }

    private long groupEnd(long plaintextEnd) {
        return (plaintextEnd + NONCE_BYTES + groupBytes - 1) / groupBytes;
    }

    /**
     * Decrypts what the store holds. Blocks on the store.
     *
     * @param target filled from its position to its limit, at least one byte
     * @return false where the store does not hold all of it any more: want it again. The target is then unchanged
     * @throws IOException if the store fails, or a {@code FetchException} if the blob or this reader is closed
     */
    public boolean read(long offset, ByteBuffer target) throws IOException {
        GroupRange groups = new GroupRange((offset + NONCE_BYTES) / groupBytes, groupEnd(offset + target.remaining()));
        ByteBuffer ciphertext = session.readHeld(groups);
        byte[] nonce = session.nonce();
        if (ciphertext == null || nonce == null) {
            return false;
        }
        int skip = (int) (offset + NONCE_BYTES - groups.first() * groupBytes);
        ciphertext.position(ciphertext.position() + skip);
        ciphertext.limit(ciphertext.position() + target.remaining());
        synchronized (this) {
            if (closed) {
                throw session.closedFailure();
            }
            if (cipher == null) {
                cipher = session.cipher(nonce);
            }
            cipher.apply(offset, ciphertext, target);
        }
        session.delivered();
        return true;
    }

    /** Wants nothing any more and wipes its cipher. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (cipher != null) {
                cipher.close();
            }
        }
        session.readerClosed(this);
    }
}
