package io.runnel.http.origin;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.runnel.source.SourceException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * Gets one range in as many attempts as it takes; each starts at the first byte still missing. All of it belongs to the
 * owner's event loop.
 */
final class RangeGet {
    /** An attempt may last so many times as long as may pass without a byte. */
    private static final int SLOWEST = 4;

    /** What ends an answer comes right behind its last byte; one that never ends is not waited for. */
    private static final long ENDING_MILLIS = 200;

    private final HttpCalls calls;
    private final OriginSettings.Retry retry;
    private final EventLoop owner;
    private final OriginFile file;
    private final long to;
    private final int unit;
    private final long attemptMillis;
    private final Sink sink;
    private final LongConsumer late;

    private long position;
    private long attemptFrom;
    private int failures;
    private int attempt;
    private boolean ended;
    private @Nullable BodyReader body;
    private @Nullable Disposable underWay;
    private @Nullable ScheduledFuture<?> alarm;

    /** Takes what comes, on the owner's loop; one of {@code done} and {@code failed} is last. */
    interface Sink {
        /** The next bytes of the range, in whole units or up to its end. */
        void bytes(long position, ByteBuffer bytes);

        /** The range is complete. */
        void done();

        /** The range ended early. */
        void failed(SourceException failure);
    }

    /**
     * A get that has not begun.
     *
     * @param from position of the first byte
     * @param to position after the last
     * @param unit what is passed on is a multiple of this, except at the end
     */
    RangeGet(OriginAccess access, OriginFile file, long from, long to, int unit, Sink sink) {
        this.calls = access.calls();
        this.retry = access.settings().retry();
        this.owner = access.owner();
        this.file = file;
        this.position = from;
        this.to = to;
        this.unit = unit;
        this.attemptMillis = SLOWEST * access.settings().timeouts().response().toMillis();
        this.sink = sink;
        this.late = access.late();
    }

    void begin() {
        if (ended) {
            return;
        }
        int mine = ++attempt;
        attemptFrom = position;
        BodyReader reader = new BodyReader(
                file.origin(),
                position,
                to,
                unit,
                (at, bytes) -> owner.execute(() -> arrived(mine, at, bytes)),
                System::nanoTime);
        body = reader;
        underWay = calls.attempt(file, to, reader, failure -> owner.execute(() -> finished(mine, failure)));
        alarm = owner.schedule(() -> tooSlow(mine, reader), attemptMillis, TimeUnit.MILLISECONDS);
    }

    /** Ends an attempt that trickles; if it brought something, that does not count as a failure. */
    private void tooSlow(int from, BodyReader reader) {
        if (!ended && from == attempt) {
            stop();
            reader.salvage();
            AttemptException failure =
                    AttemptException.passing(SourceException.Reason.TIMED_OUT, file.origin() + " is too slow");
            // Behind what was salvaged, which is on its way to this loop.
            owner.execute(() -> finished(from, failure));
        }
    }

    /** Ends without a further word to the sink. */
    void cancel() {
        end();
        stop();
        drop();
    }

    /** Tells how much of the attempt came and is not passed on. */
    private void drop() {
        int dropped = body == null ? 0 : body.drop();
        if (dropped > 0) {
            late.accept(dropped);
        }
    }

    private void stop() {
        Disposable current = underWay;
        try {
            if (current != null) {
                current.dispose();
            }
        } catch (RejectedExecutionException e) {
            // The origin is being closed: the connection's loop has ended before this one, and the connection with it.
        }
    }

    private void end() {
        ended = true;
        silenceAlarm();
    }

    private void silenceAlarm() {
        ScheduledFuture<?> set = alarm;
        if (set != null) {
            set.cancel(false);
        }
    }

    private void arrived(int from, long at, ByteBuffer bytes) {
        if (!ended && from == attempt) {
            position = at + bytes.remaining();
            sink.bytes(at, bytes);
            if (!ended && position == to) {
                end();
                // Not stopped at once: that would cost the connection.
                alarm = owner.schedule(this::stop, ENDING_MILLIS, TimeUnit.MILLISECONDS);
                sink.done();
            }
        } else {
            late.accept(bytes.remaining());
        }
    }

    private void finished(int from, @Nullable AttemptException failure) {
        if (from != attempt) {
            return;
        }
        attempt++;
        silenceAlarm();
        drop();
        // What goes wrong after the last byte, such as a chunked body that breaks off before its end, takes nothing
        // away.
        if (ended || failure == null) {
            return;
        }
        failures = position > attemptFrom ? 1 : failures + 1;
        SourceException reported = failure.failure();
        if (!failure.worthRetrying()
                || failures >= retry.attempts()
                || reported.retryAfter().compareTo(retry.longestRetryAfter()) > 0) {
            end();
            sink.failed(reported);
            return;
        }
        long delay = retry.backOff().delayMillis(failures, ThreadLocalRandom.current());
        ScheduledFuture<?> waiting = owner.schedule(
                this::begin, Math.max(delay, reported.retryAfter().toMillis()), TimeUnit.MILLISECONDS);
        underWay = () -> waiting.cancel(false);
    }
}
