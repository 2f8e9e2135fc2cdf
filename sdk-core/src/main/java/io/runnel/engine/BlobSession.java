package io.runnel.engine;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.cipher.BlobDecryptor;
import io.runnel.crypto.cipher.RangeCipher;
import io.runnel.crypto.tree.TreeShape;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchStats;
import io.runnel.fetch.Playback;
import io.runnel.fetch.Stalls;
import io.runnel.keys.BlobGrant;
import io.runnel.source.GroupRange;
import io.runnel.source.SourceProvider;
import io.runnel.store.StoredBlob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
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

    private final OpenBlob blob;
    private final BlobGrant grant;
    private final EngineLoop loop;
    private final Announcer announcer;
    private final Runnable onEnd;
    private final TreeShape shape;
    private final FetchDriver driver;

    private final FetchEvent event = new FetchEvent();

    /** Owned by the engine loop. */
    private int openings = 1;

    /** The readers that are not closed. */
    private final Set<BlobReader> readers = ConcurrentHashMap.newKeySet();

    /** Written by the loop, or where it was given up; read anywhere. */
    private volatile @Nullable FetchException ended;

    /** Read from group 0 once it is held; written and read anywhere. */
    private volatile byte @Nullable [] nonce;

    BlobSession(OpenBlob blob, BlobGrant grant, EngineParts engine, Runnable onEnd) {
        this.blob = blob;
        this.grant = grant;
        this.loop = engine.loop();
        this.announcer = engine.announcer();
        this.onEnd = onEnd;
        this.shape = blob.shape();
        this.driver = new FetchDriver(blob, engine);
    }

    /** On the loop: starts finding sources. */
    void start(List<SourceProvider> providers) {
        event.begin();
        blob.meter()
                .fromStore(blob.stored().held().runs().stream()
                        .mapToLong(this::bytesOf)
                        .sum());
        announcer.started(blob.id(), plaintextBytes());
        driver.start(providers);
    }

    private long bytesOf(GroupRange groups) {
        return shape.bytesOf(groups.first(), groups.end());
    }

    /** The blob's name. Any thread. */
    public BlobId id() {
        return blob.id();
    }

    /** Length of the plaintext in bytes. Any thread. */
    public long plaintextBytes() {
        return grant.sizeBytes() - BlobReader.NONCE_BYTES - BlobReader.TAG_BYTES;
    }

    /** What was done so far. Any thread. */
    public FetchStats stats() {
        return blob.meter().stats(System.nanoTime());
    }

    /**
     * Runs a short task that may block on the store, on a worker. Any thread.
     *
     * @param dropped run instead where the client is closed before it comes to that
     */
    public void work(Runnable task, Runnable dropped) {
        loop.work(task, dropped);
    }

    /**
     * A new reader. Any thread.
     *
     * @param playback where the player behind it reports, if there is one
     * @param onClose called with the reader once it is closed, on the thread that closes it
     */
    public BlobReader reader(ReadMode mode, Playback playback, Consumer<BlobReader> onClose) {
        BlobReader reader = new BlobReader(this, mode, shape, playback, onClose);
        readers.add(reader);
        return reader;
    }

    /** Any thread: the reach of a new reader. */
    Reach reach(ReadMode mode) {
        StoredBlob.Pin pin = blob.stored().pin(new GroupRange(0, 0));
        return new Reach(pin, mode == ReadMode.PREFETCH, () -> nonce == null);
    }

    /** Any thread: one handle more shares what is held although nobody reads it, or one less. */
    public void seeds(boolean more) {
        loop.execute(() -> {
            if (ended == null) {
                driver.seeds(more);
            }
        });
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
                end(new FetchException(FetchException.Reason.CLOSED, "blob " + blob.id() + " was closed"));
            }
        });
    }

    /** What a reader wants: some plaintext, the groups it is in, and those that will be wanted after them. */
    record Wish(long offset, long length, GroupRange now, GroupRange later) {}

    /** Any thread: see {@link BlobReader#want}. */
    CompletableFuture<@Nullable Void> want(BlobReader reader, Wish wish) {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        Runnable refuse = () -> done.completeExceptionally(closedFailure());
        if (ended != null) {
            refuse.run();
            return done;
        }
        loop.execute(
                () -> {
                    if (ended != null || reader.released) {
                        refuse.run();
                    } else {
                        wanted(reader, wish, done);
                    }
                },
                refuse);
        return done;
    }

    /** On the loop. Whatever it throws, of a store or a provider of the app's, nobody waits for ever. */
    private void wanted(BlobReader reader, Wish wish, CompletableFuture<@Nullable Void> done) {
        try {
            measureWait(reader, wish, done);
            driver.want(reader, wish.now(), wish.later(), done);
        } catch (RuntimeException | Error broken) {
            done.completeExceptionally(broken);
            throw broken;
        }
    }

    /** On the loop: a reader in the middle of a stream should not have to wait. */
    private void measureWait(BlobReader reader, Wish wish, CompletableFuture<?> done) {
        long since = System.nanoTime();
        boolean midway = reader.goesOn(wish.offset(), wish.length(), since);
        if (midway && reader.mode() == ReadMode.STREAM) {
            Duration buffered = reader.playback(since).bufferAhead();
            StallEvent stall = new StallEvent();
            stall.begin();
            CompletableFuture<?> unused = done.whenComplete((nothing, failure) -> {
                Duration waited = Duration.ofNanos(System.nanoTime() - since).minus(buffered);
                if (waited.compareTo(Stalls.LEAST) >= 0) {
                    blob.meter().stalled(waited);
                    announcer.stalled(blob.id(), waited);
                    stall.end(blob.id(), wish.offset(), waited.toNanos());
                }
            });
        }
    }

    /** Any thread: see {@link BlobReader#seek}. */
    void seek(BlobReader reader, long group) {
        loop.execute(() -> {
            if (ended == null && !reader.released) {
                GroupRange wish = reader.reach.wish();
                GroupRange rest = new GroupRange(group, wish.contains(group) ? wish.end() : group);
                driver.want(reader, new GroupRange(group, group), rest, new CompletableFuture<>());
            }
        });
    }

    /** Any thread. */
    void readerClosed(BlobReader reader) {
        readers.remove(reader);
        loop.execute(() -> {
            reader.released = true;
            driver.readerClosed(reader, closedFailure());
        });
    }

    /** Any thread; blocks on the store. Null where not all of it is held. */
    @Nullable ByteBuffer readHeld(GroupRange groups) throws FetchException {
        if (ended != null) {
            throw closedFailure();
        }
        ByteBuffer target = ByteBuffer.allocate((int) bytesOf(groups));
        try {
            return blob.stored().readGroups(groups, target) ? target.flip() : null;
        } catch (IOException failure) {
            // The store is closed with the session.
            throw ended != null
                    ? closedFailure()
                    : new FetchException(
                            FetchException.Reason.STORE_FAILED,
                            "blob " + blob.id() + ": the store could not read it (" + failure.getMessage()
                                    + "); check the disk",
                            failure);
        }
    }

    /** Any thread; may block on the store. Null where group 0 is not held. */
    byte @Nullable [] nonce() throws FetchException {
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
        if (why == null) {
            return new FetchException(FetchException.Reason.CLOSED, "the reader of blob " + blob.id() + " was closed");
        }
        FetchException again = new FetchException(why.reason(), String.valueOf(why.getMessage()), why.getCause());
        again.addSuppressed(why);
        return again;
    }

    /** Any thread: plaintext was handed out. */
    void delivered() {
        blob.meter().delivered(System.nanoTime());
    }

    /** Any thread, once the loop was given up: wipes all keys and fails who waits. */
    void abandon(FetchException why) {
        ended = why;
        grant.close();
        readers.forEach(reader -> reader.abandon(why));
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
        blob.meter().ended(System.nanoTime());
        onEnd.run();
        FetchStats stats = stats();
        event.end(blob.id(), plaintextBytes(), stats);
        if (why.reason() == FetchException.Reason.KEY_REVOKED) {
            announcer.revoked(blob.id());
        }
        announcer.finished(blob.id(), stats);
        loop.work(() -> {
            try {
                blob.stored().close();
            } catch (IOException e) {
                LOG.warn("the store could not write down what it holds of blob {}: {}", blob.id(), e.getMessage());
            }
        });
    }
}
