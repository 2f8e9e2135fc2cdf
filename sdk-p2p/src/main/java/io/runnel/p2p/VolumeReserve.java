package io.runnel.p2p;

import io.runnel.sharing.UploadLedger;
import io.runnel.sharing.UploadPolicy;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Room for uploads in the month, reserved in the ledger some way ahead on a thread of its own, since the ledger writes to
 * disk. Where there is no ledger there is no end of room. On the loop.
 */
final class VolumeReserve {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeReserve.class);

    /**
     * What is reserved is filled up to this, so that a crash counts no more than this and what is permitted too much. A
     * write for so many bytes costs nothing.
     */
    static final long STEP_BYTES = 16 << 20;

    /** With less than this left more is reserved: a second's worth at 64 Mbit/s. */
    private static final long LOW_BYTES = 8 << 20;

    /** With less than this, a chunk group, nothing can be sent. */
    private static final long LEAST_BYTES = 16 << 10;

    /** Uploads that stopped begin again for no less: a rest that is given back and taken again helps nobody. */
    private static final long RESUME_BYTES = 1 << 20;

    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long CLOSE_MILLIS = 500;

    /** Whether more may be uploaded, and if not, why. */
    enum State {
        ROOM,
        USED_UP,
        FAILED
    }

    private final OwnerLoop loop;
    private final @Nullable UploadLedger ledger;
    private final @Nullable ExecutorService disk;
    private final Runnable changed;
    private final Alarm retry;
    private long left;
    private long bytesPerMonth = UploadPolicy.UNLIMITED;
    private boolean reserving;
    private boolean wanted;
    private boolean closed;

    /** Whether the month was used up, and no room worth while has come since. */
    private boolean usedUp;

    /** Why nothing was to be had at the last try; {@link State#ROOM} where something was. */
    private State refusal = State.ROOM;

    /** @param changed called on the loop when {@link #state} or {@link #left} is another */
    VolumeReserve(@Nullable UploadLedger ledger, OwnerLoop loop, Runnable changed) {
        this.ledger = ledger;
        this.loop = loop;
        this.changed = changed;
        this.retry = new Alarm(loop, this::tryAgain);
        this.left = ledger == null ? UploadPolicy.UNLIMITED : 0;
        this.disk = ledger == null
                ? null
                : Executors.newSingleThreadExecutor(task -> {
                    Thread thread = new Thread(task, "runnel-ledger-1");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    State state() {
        return left >= worthWhile() ? State.ROOM : refusal;
    }

    private long worthWhile() {
        return usedUp ? RESUME_BYTES : LEAST_BYTES;
    }

    /** Bytes there is room for. */
    long left() {
        return left;
    }

    /** Sets the cap on the month. What was reserved under another goes back first. */
    void cap(long bytes) {
        if (ledger != null && !closed && bytes != bytesPerMonth) {
            bytesPerMonth = bytes;
            long unused = left;
            left = 0;
            refusal = State.ROOM;
            usedUp = false;
            giveBack(unused);
            reserve();
            changed.run();
        }
    }

    /** Whether anything may be uploaded at all: room is reserved from the first time on, and nothing tried meanwhile. */
    void wanted(boolean now) {
        boolean again = now && !wanted;
        wanted = now;
        if (!now) {
            retry.cancel();
        }
        if (again || refusal == State.ROOM) {
            reserve();
        }
    }

    /** So much is left after what was permitted, and what of that was given back. */
    void spent(long stillLeft) {
        if (ledger == null || closed || stillLeft == left) {
            return;
        }
        if (stillLeft > left && left < worthWhile()) {
            // Whether there is room again is the ledger's to say: the cap may be lower by now.
            giveBack(stillLeft - left);
            changed.run();
            return;
        }
        left = stillLeft;
        if (refusal == State.ROOM) {
            reserve();
        } else if (left < LEAST_BYTES) {
            usedUp |= refusal == State.USED_UP;
            changed.run();
        }
    }

    private void tryAgain() {
        reserve();
        if (!reserving && refusal != State.ROOM) {
            // So much came back meanwhile that more is not needed yet.
            retryLater();
        }
    }

    private void retryLater() {
        if (wanted) {
            retry.set(loop.nanos() + RETRY_NANOS);
        }
    }

    private void reserve() {
        UploadLedger book = ledger;
        ExecutorService writer = disk;
        if (book == null || writer == null || closed || reserving || !wanted || left >= LOW_BYTES) {
            return;
        }
        reserving = true;
        long cap = bytesPerMonth;
        long missing = STEP_BYTES - left;
        writer.execute(() -> {
            long granted = -1;
            try {
                granted = book.reserve(missing, cap);
            } catch (IOException e) {
                LOG.warn("uploads pause, since they cannot be counted: {}", e.getMessage());
            }
            long got = granted;
            loop.execute(() -> reserved(got, cap));
        });
    }

    private void reserved(long granted, long cap) {
        reserving = false;
        if (closed) {
            // Too late to be given back: it counts as uploaded.
            return;
        }
        if (cap != bytesPerMonth) {
            giveBack(Math.max(0, granted));
            reserve();
            return;
        }
        left += Math.max(0, granted);
        if (granted > 0 && left >= worthWhile()) {
            refusal = State.ROOM;
            usedUp = false;
        } else {
            refusal = granted < 0 ? State.FAILED : State.USED_UP;
            usedUp |= refusal == State.USED_UP && left < LEAST_BYTES;
            retryLater();
        }
        changed.run();
    }

    private void giveBack(long bytes) {
        UploadLedger book = ledger;
        ExecutorService writer = disk;
        if (book == null || writer == null || bytes == 0) {
            return;
        }
        writer.execute(() -> {
            try {
                book.giveBack(bytes);
            } catch (IOException e) {
                LOG.debug("room in the month was not given back: {}", e.getMessage());
            }
        });
    }

    /** Gives back what is left and ends the thread; nothing is reserved or spent any more. Idempotent. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        retry.cancel();
        giveBack(left);
        left = 0;
        if (disk != null) {
            disk.shutdown();
        }
    }

    /** Waits for what was given back to be written. From any thread but the loop. */
    void awaitEnd() {
        if (disk != null) {
            try {
                if (!disk.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                    LOG.debug("the ledger's disk is slow: what was reserved counts as uploaded");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
