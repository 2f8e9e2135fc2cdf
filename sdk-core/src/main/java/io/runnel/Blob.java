package io.runnel;

import io.runnel.crypto.BlobId;
import io.runnel.engine.BlobReader;
import io.runnel.engine.BlobSession;
import io.runnel.engine.ReadMode;
import io.runnel.fetch.ByteRange;
import io.runnel.fetch.DownloadProgress;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchStats;
import io.runnel.fetch.Playback;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * An open blob. All its methods speak of plaintext: offsets and lengths start at the first byte the app published. Safe
 * for use on any thread; several reads may be under way at once. While it is read, what is held of it is shared with
 * peers, if the client has a swarm and that may upload: from the first read of a reader until less than a second after
 * the last one was closed or has come to its end; a stream that is open and not read from, of a player that is paused, is
 * a reader too. A stream has come to its end with its last byte; a channel, which may go back, never before it is closed.
 * With {@link #seeding} it is shared for as long as it is open.
 *
 * <p>Every failure is a {@link FetchException}, or for downloads an {@link IOException} where the target file fails.
 * Plaintext handed out has been proven to be the blob's, whatever the sources sent; a read of the whole blob in order
 * checks its Poly1305 tag too.
 */
public final class Blob implements AutoCloseable {
    private final BlobSession session;
    private final OpenReaders readers;
    private final Executor deliveries;

    /** Guards what follows: whoever closes ends the seeding too. */
    private final Object lock = new Object();

    private boolean seeding;
    private boolean closed;

    /** A handle to the session; owns one opening of it. */
    Blob(BlobSession session, Executor deliveries) {
        this.session = session;
        this.readers = new OpenReaders(session);
        this.deliveries = deliveries;
    }

    /** The blob's name. */
    public BlobId id() {
        return session.id();
    }

    /** Length of the plaintext in bytes, 0 or more. */
    public long size() {
        return session.plaintextBytes();
    }

    /**
     * Reads a range and blocks until it is there.
     *
     * @param range within the blob, at most 2,147,483,639 bytes
     * @return the bytes; a new array
     * @throws FetchException if it cannot be fetched, or the thread is interrupted
     * @throws IllegalArgumentException if the range ends beyond the blob
     */
    public byte[] read(ByteRange range) throws FetchException {
        RangeRead read = rangeRead(range);
        Waiting.join(read.start(), "reading blob " + id());
        return read.bytes();
    }

    /**
     * Reads a range without blocking. Cancelling the future stops the fetch of what nobody else wants.
     *
     * @param range as for {@link #read}
     * @return the bytes from position 0 to the limit, in a buffer of their own
     */
    public CompletableFuture<ByteBuffer> readAsync(ByteRange range) {
        return rangeRead(range).start();
    }

    private RangeRead rangeRead(ByteRange range) {
        requireWithin(range);
        if (range.length() > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "range: " + range.length() + " bytes do not fit an array; read it in pieces or as a stream");
        }
        return new RangeRead(session, readers.open(ReadMode.STREAM), range);
    }

    private void requireWithin(ByteRange range) {
        Objects.requireNonNull(range, "range");
        if (range.end() > size()) {
            throw new IllegalArgumentException("range: ends at " + range.end() + ", the blob has " + size() + " bytes");
        }
    }

    private ByteRange from(long offset) {
        if (offset < 0 || offset > size()) {
            throw new IllegalArgumentException("offset: " + offset + ", must be 0 to " + size());
        }
        return new ByteRange(offset, size() - offset);
    }

    /** A stream over the whole blob: see {@link #inputStream(ByteRange, Playback)}. */
    public InputStream inputStream() {
        return inputStream(0);
    }

    /**
     * A stream over the blob from an offset on: see {@link #inputStream(ByteRange, Playback)}.
     *
     * @param offset 0 to {@link #size}
     */
    public InputStream inputStream(long offset) {
        return inputStream(from(offset));
    }

    /**
     * A stream over a range: see {@link #inputStream(ByteRange, Playback)}.
     *
     * @param range within the blob
     */
    public InputStream inputStream(ByteRange range) {
        return inputStream(range, new Playback());
    }

    /**
     * A stream over a range. It fetches ahead of its reader, but not beyond the range; its reads block, are interruptible
     * and throw {@link FetchException}. {@code skip} cancels what was asked for in between. For one thread at a time, save
     * {@code close}, which makes a read that blocks fail.
     *
     * @param range within the blob
     * @param playback where the player that takes the bytes reports how it is doing
     */
    public InputStream inputStream(ByteRange range, Playback playback) {
        requireWithin(range);
        return new BlobInputStream(pieces(range, playback), range.end());
    }

    /** A channel over the blob: see {@link #channel(Playback)}. */
    public SeekableByteChannel channel() {
        return channel(new Playback());
    }

    /**
     * A channel over the blob, read-only: {@code write} and {@code truncate} throw
     * {@link java.nio.channels.NonWritableChannelException}. It fetches ahead of its position; setting the position
     * elsewhere cancels what is no longer wanted. Reads return what is there, at least one byte, and block where nothing
     * is; they are interruptible and throw {@link FetchException}. For one thread at a time, save {@code close}, which
     * makes a read that blocks fail with {@link java.nio.channels.AsynchronousCloseException}. Close it when done: it
     * counts as a reader until then, at its end too.
     *
     * @param playback as for streams
     */
    public SeekableByteChannel channel(Playback playback) {
        return new BlobChannel(pieces(from(0), playback), size());
    }

    private PieceReader pieces(ByteRange range, Playback playback) {
        Objects.requireNonNull(playback, "playback");
        BlobReader reader = readers.open(ReadMode.STREAM, playback, () -> {});
        return new PieceReader(reader, range, "reading blob " + id());
    }

    /** A publisher of the whole blob: see {@link #publisher(ByteRange, Playback)}. */
    public Flow.Publisher<ByteBuffer> publisher() {
        return publisher(from(0), new Playback());
    }

    /** A publisher of a range: see {@link #publisher(ByteRange, Playback)}. */
    public Flow.Publisher<ByteBuffer> publisher(ByteRange range) {
        return publisher(range, new Playback());
    }

    /**
     * A publisher of a range by the rules of Reactive Streams. It is cold: each subscriber gets all of the range, from
     * when it first asks. Each buffer asked for holds 128 KiB, the last the rest, is the subscriber's to keep, and has been
     * proven. Fetching goes ahead of what was asked for, within {@code FetchSettings.lookAheadBytes}; cancelling ends it.
     * Subscribers are called on threads of the client and may block there. A failure is a {@link FetchException}.
     *
     * @param range within the blob
     * @param playback as for streams
     */
    public Flow.Publisher<ByteBuffer> publisher(ByteRange range, Playback playback) {
        requireWithin(range);
        Objects.requireNonNull(playback, "playback");
        return new BlobPublisher(readers, range, playback, "reading blob " + id(), deliveries);
    }

    /** Downloads the blob to a file: see {@link #downloadTo(Path, DownloadProgress)}. */
    public void downloadTo(Path target) throws IOException {
        downloadTo(target, (done, total) -> {});
    }

    /**
     * Downloads the whole blob to a file and blocks until it is there. It is written beside the target, with
     * {@code .part} added to the name, and moved when complete and on the disk, deleted after a failure; an existing target
     * is replaced only when the file is complete, also where the power fails. A target that is a symbolic link is replaced,
     * not followed; a directory, device, pipe or socket, or a link to one, is refused before anything is fetched. After a
     * failure, an interrupt or a restart a new call goes on with what the client's store has kept, so with a
     * {@code DiskBlobStore} nothing that was stored is fetched again.
     *
     * @throws IOException if the file cannot be written
     * @throws FetchException if the blob cannot be fetched, or the thread is interrupted
     * @throws IllegalArgumentException if the target is of another file system than the default one
     */
    public void downloadTo(Path target, DownloadProgress progress) throws IOException {
        download(target, progress).run();
    }

    /**
     * As {@link #downloadTo(Path, DownloadProgress)}, on a thread of the client. Cancelling the future stops it; a new
     * download to the same target waits for that, 5 s at most.
     */
    public CompletableFuture<@Nullable Void> downloadToAsync(Path target, DownloadProgress progress) {
        Download download = download(target, progress);
        CompletableFuture<@Nullable Void> result = new CompletableFuture<>();
        CompletableFuture<?> unused = result.whenComplete((nothing, failure) -> download.cancel());
        try {
            deliveries.execute(() -> {
                try {
                    download.run();
                    result.complete(null);
                } catch (IOException | RuntimeException | Error e) {
                    result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(
                    new FetchException(FetchException.Reason.CLOSED, "blob " + id() + ": the client was closed", e));
        }
        return result;
    }

    private Download download(Path target, DownloadProgress progress) {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(progress, "progress");
        BlobReader reader = readers.open(ReadMode.DOWNLOAD);
        return new Download(reader, size(), "downloading blob " + id(), target, progress);
    }

    /**
     * Fetches and proves all of the blob into the client's store, without decrypting it: what a seeder does, who says so
     * with {@link #seeding}. It yields to readers. With a store smaller than the blob, what was fetched first may be
     * dropped again.
     *
     * @return completes when all was stored; cancelling it stops
     */
    public CompletableFuture<@Nullable Void> prefetch() {
        BlobReader reader = readers.open(ReadMode.PREFETCH);
        CompletableFuture<@Nullable Void> result = new Prefetch(reader, size()).start();
        CompletableFuture<?> unused = result.whenComplete((nothing, failure) -> reader.close());
        return result;
    }

    /**
     * Whether what is held is shared with peers also while nobody reads it, until the blob is closed; false where nothing
     * is said. It fetches nothing: see {@link #prefetch}. On a closed handle it does nothing.
     */
    public void seeding(boolean on) {
        synchronized (lock) {
            if (!closed) {
                seed(on);
            }
        }
    }

    /** Under the lock. */
    private void seed(boolean on) {
        if (seeding != on) {
            seeding = on;
            session.seeds(on);
        }
    }

    /** What was fetched so far, from whom and why. */
    public FetchStats stats() {
        return session.stats();
    }

    /**
     * Closes the blob: reads under way through this handle fail with {@code CLOSED}. If no other handle to the same blob
     * is open, the fetch ends, the swarm is left and the key wiped. Idempotent.
     */
    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            seed(false);
        }
        readers.close();
        session.release();
    }
}
