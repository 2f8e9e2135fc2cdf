package io.runnel.engine;

import io.runnel.engine.plan.Room;
import io.runnel.source.GroupRange;
import io.runnel.store.StoredBlob;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How far one reader's wishes reach: as far as it looks ahead, but no further than the store has room beside other
 * readers. That much is pinned. Owned by the engine loop, save where a method says otherwise.
 */
final class Reach {
    /** What stores keep and drop together, as {@code BlobStore.pinnableBytes} counts it. */
    static final int PAGE_GROUPS = 64;

    /** How long what a reader was told of is kept for it to be read: one that does not come back must not hold up others. */
    private static final long KEPT_NANOS = 1_000_000_000L;

    private static final GroupRange NOTHING = new GroupRange(0, 0);

    private final StoredBlob.Pin pin;
    private final boolean prefetch;
    private final BooleanSupplier headNeeded;

    private GroupRange wish = NOTHING;
    private GroupRange awaited = NOTHING;
    private GroupRange granted = NOTHING;
    private long headPages;
    private boolean waits;
    private boolean turnedAway;
    private long sinceNanos;
    private @Nullable CompletableFuture<?> told;
    private boolean seenTold;
    private long toldNanos;

    /** Whether what it was told of was read: set by who reads, unset by the loop. */
    private volatile boolean taken;

    /**
     * Reaches nowhere yet.
     *
     * @param headNeeded whether readers cannot decrypt yet because nobody has read the nonce in group 0
     */
    Reach(StoredBlob.Pin pin, boolean prefetch, BooleanSupplier headNeeded) {
        this.pin = pin;
        this.prefetch = prefetch;
        this.headNeeded = headNeeded;
    }

    /**
     * The reader wants something.
     *
     * @param now what it waits for, at its position
     * @param end as far as it would look, no less than the end of that
     * @param done completes when it is told, or waits no more
     */
    void want(GroupRange now, long end, CompletableFuture<?> done, long nowNanos) {
        awaited = now;
        wish = new GroupRange(now.first(), end);
        told = done;
        seenTold = false;
        taken = false;
        sinceNanos = nowNanos;
    }

    /** Any thread: what it was told of was read. */
    void taken() {
        taken = true;
    }

    /** Whether it cannot read without group 0. */
    boolean needsHead() {
        return !prefetch && headNeeded.getAsBoolean();
    }

    /** What it asks of the store. */
    Room.Claim claim(long nowNanos) {
        headPages = needsHead() && wish.first() >= PAGE_GROUPS ? 1 : 0;
        waits = waits(nowNanos);
        long awaitedPages = waits ? headPages + pages(awaited) : 0;
        return new Room.Claim(prefetch, awaitedPages, headPages + pages(wish), sinceNanos);
    }

    private boolean waits(long nowNanos) {
        if (told == null || awaited.isEmpty() || taken) {
            return false;
        }
        if (!told.isDone()) {
            return true;
        }
        if (!seenTold) {
            seenTold = true;
            toldNanos = nowNanos;
        }
        return !told.isCompletedExceptionally() && nowNanos - toldNanos < KEPT_NANOS;
    }

    private static long pages(GroupRange groups) {
        return groups.isEmpty() ? 0 : (groups.end() - 1) / PAGE_GROUPS - groups.first() / PAGE_GROUPS + 1;
    }

    /** This much of what it just claimed has room. */
    void grant(Room.Share share) {
        turnedAway = !share.granted();
        long end = waits && share.granted() ? awaited.end() : wish.first();
        long ahead = share.aheadPages() - headPages;
        if (ahead > 0) {
            end = Math.max(end, Math.min(wish.end(), (wish.first() / PAGE_GROUPS + ahead) * PAGE_GROUPS));
        }
        GroupRange now = new GroupRange(wish.first(), end);
        if (!now.equals(granted)) {
            granted = now;
            pin.move(now);
        }
    }

    /** Whether it waits, and has to wait for room first. */
    boolean turnedAway() {
        return turnedAway;
    }

    /** As far as it would look. */
    GroupRange wish() {
        return wish;
    }

    /** What it wants of that. */
    GroupRange wanted() {
        return granted;
    }

    /** The first groups of what it wants, for which it waits: it goes on once all of them are there. */
    GroupRange awaited() {
        return new GroupRange(granted.first(), Math.min(granted.end(), awaited.end()));
    }

    /** Since when it waits. */
    long sinceNanos() {
        return sinceNanos;
    }

    /** Any thread: it wants nothing any more. */
    void close() {
        pin.close();
    }
}
