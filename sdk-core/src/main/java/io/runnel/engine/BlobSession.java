package io.runnel.engine;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.cipher.BlobDecryptor;
import io.runnel.crypto.cipher.RangeCipher;
import io.runnel.crypto.tree.TreeShape;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchSettings;
import io.runnel.fetch.FetchTotals;
import io.runnel.keys.BlobGrant;
import io.runnel.source.GroupRange;
import io.runnel.source.SourceProvider;
import io.runnel.store.StoredBlob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open blob: its key, what the store holds of it, and the {@link FetchDriver} that gets the rest. Public methods may
 * be called from any thread; they hop to the engine loop where they touch what it owns.
 */
public final class BlobSession {
    private static final Logger LOG = LoggerFactory.getLogger(BlobSession.class);

    private final BlobId id;
    private final BlobGrant grant;
    private final StoredBlob stored;
    private final EngineLoop loop;
    private final Announcer announcer;
    private final TotalsMeter meter;
    private final Runnable onEnd;
    private final TreeShape shape;
    private final FetchDriver driver;

    /** Owned by the engine loop. */
    private int openings = 1;

    /** Written by the loop; read anywhere. */
    private volatile @Nullable FetchException ended;

    /** Read from group 0 once it is held; written and read anywhere. */
    private volatile byte @Nullable [] nonce;

    BlobSession(
            BlobId id,
            BlobGrant grant,
            StoredBlob stored,
            FetchSettings settings,
            EngineLoop loop,
            Announcer announcer,
            TotalsMeter meter,
            Runnable onEnd) {
        this.id = id;
        this.grant = grant;
        this.stored = stored;
        this.loop = loop;
        this.announcer = announcer;
        this.meter = meter;
        this.onEnd = onEnd;
        this.shape = TreeShape.ofBlob(grant.sizeBytes());
        this.driver = new FetchDriver(id, stored, settings, loop, announcer, meter, () -> nonce == null);
    }

    /** On the loop: starts finding sources. */
    void start(List<SourceProvider> providers) {
        meter.fromStore(stored.held().runs().stream().mapToLong(this::bytesOf).sum());
        announcer.started(id, plaintextBytes());
        driver.start(providers);
    }

    private long bytesOf(GroupRange groups) {
        return shape.bytesOf(groups.first(), groups.end());
    }

    /** The blob's name. Any thread. */
    public BlobId id() {
        return id;
    }

    /** Length of the plaintext in bytes. Any thread. */
    public long plaintextBytes() {
        return grant.sizeBytes() - BlobReader.NONCE_BYTES - BlobReader.TAG_BYTES;
    }

    /** What was done so far. Any thread. */
    public FetchTotals totals() {
        return meter.totals(System.nanoTime());
    }

    /** Runs short tasks that may block on the store; rejects them once the client is closed. Any thread. */
    public Executor workers() {
        return task -> {
            if (!loop.work(task)) {
                throw new RejectedExecutionException("the client is closed");
            }
        };
    }

    /** A new reader. Any thread. */
    public BlobReader reader(ReadMode mode) {
        return new BlobReader(this, mode, shape);
    }

    /** On the loop: one more handle to this session. */
    void reopened() {
        openings++;
    }

    /** Gives one handle back; the last one ends the session. Any thread. */
    public void release() {
        loop.execute(() -> {
            openings--;
            if (openings == 0) {
                end(new FetchException(FetchException.Reason.CLOSED, "blob " + id + " was closed"));
            }
        });
    }

    /** Any thread: see {@link BlobReader#want}. */
    CompletableFuture<@Nullable Void> want(BlobReader reader, GroupRange now, GroupRange later) {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        boolean accepted = ended == null
                && loop.execute(() -> {
                    if (ended != null || reader.released) {
                        done.completeExceptionally(closedFailure());
                    } else {
                        driver.want(reader, now, later, done);
                    }
                });
        if (!accepted) {
            done.completeExceptionally(closedFailure());
        }
        return done;
    }

    /** Any thread. */
    void readerClosed(BlobReader reader) {
        loop.execute(() -> {
            reader.released = true;
            driver.readerClosed(reader, closedFailure());
        });
    }

    /** Any thread; blocks on the store. Null where not all of it is held. */
    @Nullable ByteBuffer readHeld(GroupRange groups) throws IOException {
        if (ended != null) {
            throw closedFailure();
        }
        ByteBuffer target = ByteBuffer.allocate((int) bytesOf(groups));
        return stored.readGroups(groups, target) ? target.flip() : null;
    }

    /** Any thread; may block on the store. Null where group 0 is not held. */
    byte @Nullable [] nonce() throws IOException {
        byte[] known = nonce;
        if (known == null) {
            ByteBuffer head = readHeld(new GroupRange(0, 1));
            if (head == null) {
                return null;
            }
            known = new byte[BlobReader.NONCE_BYTES];
            head.get(known);
            nonce = known;
        }
        return known;
    }

    /** Any thread: a cipher for one reader, who closes it. */
    RangeCipher rangeCipher(byte[] nonceBytes) throws FetchException {
        return withKey(key -> new RangeCipher(key, nonceBytes));
    }

    /** Any thread: a decryptor for one reader, who closes it. */
    BlobDecryptor blobDecryptor(byte[] nonceBytes) throws FetchException {
        return withKey(key -> new BlobDecryptor(key, nonceBytes));
    }

    private <T> T withKey(Function<SecretBytes, T> use) throws FetchException {
        try {
            return use.apply(grant.key());
        } catch (IllegalStateException wiped) {
            throw closedFailure();
        }
    }

    /** Any thread: why nothing can be read any more. A new exception, so that the stack is the caller's. */
    FetchException closedFailure() {
        FetchException why = ended;
        return why == null
                ? new FetchException(FetchException.Reason.CLOSED, "the reader of blob " + id + " was closed")
                : new FetchException(why.reason(), String.valueOf(why.getMessage()), why);
    }

    /** Any thread: plaintext was handed out. */
    void delivered() {
        meter.delivered(System.nanoTime());
    }

    /** On the loop: ends the session for good; later calls change nothing. */
    void end(FetchException why) {
        if (ended != null) {
            return;
        }
        ended = why;
        // The key first: whoever hears of the end finds it wiped.
        grant.close();
        driver.end(why);
        meter.ended(System.nanoTime());
        onEnd.run();
        announcer.finished(id, totals());
        loop.work(() -> {
            try {
                stored.close();
            } catch (IOException e) {
                LOG.warn("the store could not write down what it holds of blob {}: {}", id, e.getMessage());
            }
        });
    }
}
