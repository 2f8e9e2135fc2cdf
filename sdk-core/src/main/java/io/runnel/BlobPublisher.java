package io.runnel;

import io.runnel.engine.BlobReader;
import io.runnel.engine.ReadMode;
import io.runnel.fetch.ByteRange;
import io.runnel.fetch.Playback;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A range as a cold publisher: each subscriber gets all of it, at its own speed, through a reader of its own. */
final class BlobPublisher implements Flow.Publisher<ByteBuffer> {
    private static final Logger LOG = LoggerFactory.getLogger(BlobPublisher.class);
    private static final int PIECE_BYTES = 128 * 1024;

    private final OpenReaders readers;
    private final ByteRange range;
    private final Playback playback;
    private final Executor deliveries;
    private final String what;

    /**
     * A publisher.
     *
     * @param readers where its readers come from
     * @param what it does, for messages
     * @param deliveries where subscribers are called, who may block there
     */
    BlobPublisher(OpenReaders readers, ByteRange range, Playback playback, String what, Executor deliveries) {
        this.readers = readers;
        this.range = range;
        this.playback = playback;
        this.what = what;
        this.deliveries = deliveries;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        new Delivery(subscriber).start(subscriber);
    }

    /**
     * What one subscriber gets. All signals are given by {@link #deliver}, which runs on one thread at a time: whoever has
     * news for it calls {@link #wake}.
     */
    private final class Delivery implements Flow.Subscription {
        private final AtomicLong demand = new AtomicLong();

        /** News since deliver last looked; above 0 while it runs or is about to. Starts at 1, held by start. */
        private final AtomicInteger news = new AtomicInteger(1);

        private volatile boolean cancelled;
        private volatile boolean closed;
        private volatile @Nullable IllegalArgumentException misuse;

        /** Null once nothing more will be said. Owned by deliver. */
        private Flow.@Nullable Subscriber<? super ByteBuffer> subscriber;

        /** What is waited for. Owned by deliver. */
        private @Nullable CompletableFuture<@Nullable Void> awaited;

        private long offset = range.offset();

        /** The last field to be set: where the blob is closed already, it calls back at once. */
        private final BlobReader reader = readers.open(ReadMode.STREAM, playback, this::closed);

        Delivery(Flow.Subscriber<? super ByteBuffer> subscriber) {
            this.subscriber = subscriber;
        }

        void start(Flow.Subscriber<? super ByteBuffer> to) {
            tell(() -> to.onSubscribe(this));
            execute();
        }

        @Override
        public void request(long count) {
            if (count <= 0) {
                misuse = new IllegalArgumentException(
                        "request: " + count + ", must be at least 1 (Reactive Streams rule 3.9)");
            } else {
                demand.accumulateAndGet(count, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
            }
            wake();
        }

        @Override
        public void cancel() {
            cancelled = true;
            reader.close();
        }

        /** The reader was closed, by this delivery or because the blob was. */
        private void closed() {
            closed = true;
            wake();
        }

        private void wake() {
            if (news.getAndIncrement() == 0) {
                execute();
            }
        }

        private void execute() {
            try {
                deliveries.execute(this::deliver);
            } catch (RejectedExecutionException clientClosed) {
                // All that is left to say is that it failed.
                deliver();
            }
        }

        private void deliver() {
            int seen = news.get();
            while (seen != 0) {
                Flow.Subscriber<? super ByteBuffer> to = subscriber;
                while (to != null && step(to)) {
                    to = subscriber;
                }
                seen = news.addAndGet(-seen);
            }
        }

        /** Does the next thing; false where there is none until something happens. */
        private boolean step(Flow.Subscriber<? super ByteBuffer> to) {
            IllegalArgumentException wrong = misuse;
            CompletableFuture<@Nullable Void> held = awaited;
            if (cancelled) {
                end(() -> {});
            } else if (wrong != null) {
                end(() -> to.onError(wrong));
            } else if (offset == range.end()) {
                end(to::onComplete);
            } else if (held != null) {
                return held.isDone() && emit(to, held);
            } else if (demand.get() > 0 || closed) {
                await();
            } else {
                return false;
            }
            return true;
        }

        private void await() {
            CompletableFuture<@Nullable Void> held = reader.want(offset, pieceBytes(), range.end());
            awaited = held;
            CompletableFuture<?> unused = held.whenComplete((nothing, failure) -> wake());
        }

        private boolean emit(Flow.Subscriber<? super ByteBuffer> to, CompletableFuture<@Nullable Void> held) {
            awaited = null;
            ByteBuffer piece = ByteBuffer.allocate(pieceBytes());
            try {
                Waiting.join(held, what);
                // Where the store has dropped it again it is wanted again.
                if (reader.read(offset, piece)) {
                    offset += piece.flip().limit();
                    demand.decrementAndGet();
                    tell(() -> to.onNext(piece));
                }
            } catch (IOException | RuntimeException | Error failure) {
                end(() -> to.onError(failure));
            }
            return true;
        }

        private int pieceBytes() {
            return (int) Math.min(PIECE_BYTES, range.end() - offset);
        }

        private void end(Runnable lastWord) {
            subscriber = null;
            reader.close();
            tell(lastWord);
        }

        private void tell(Runnable signal) {
            try {
                signal.run();
            } catch (RuntimeException | Error e) {
                LOG.warn("a subscriber threw where it must not (Reactive Streams rule 2.13): it gets nothing more", e);
                cancelled = true;
            }
        }
    }
}
