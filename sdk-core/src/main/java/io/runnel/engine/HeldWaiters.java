package io.runnel.engine;

import io.runnel.fetch.FetchException;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who waits for groups to be held. Owned by the engine loop. */
final class HeldWaiters {
    private record Waiter(
            BlobReader reader, GroupRange groups, CompletableFuture<@Nullable Void> done, long sinceNanos) {
        boolean satisfied(GroupSet held) {
            // What the head says may be known by now, so that it need not be held any more.
            return held.containsAll(groups) && (held.contains(0) || !reader.reach.needsHead());
        }
    }

    private final List<Waiter> waiters = new ArrayList<>();

    void add(BlobReader reader, GroupRange groups, CompletableFuture<@Nullable Void> done, long nowNanos) {
        waiters.add(new Waiter(reader, groups, done, nowNanos));
    }

    /** A reader's wait counts from now on only. */
    void restart(BlobReader reader, long nowNanos) {
        waiters.replaceAll(waiter ->
                waiter.reader() == reader ? new Waiter(reader, waiter.groups(), waiter.done(), nowNanos) : waiter);
    }

    /** Wakes those whose groups are all held, and forgets those who gave up. */
    void wake(GroupSet held) {
        List<Waiter> awake = new ArrayList<>();
        for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
            Waiter waiter = each.next();
            if (waiter.done().isDone() || waiter.satisfied(held)) {
                each.remove();
                awake.add(waiter);
            }
        }
        awake.forEach(waiter -> waiter.done().complete(null));
    }

    void failAll(FetchException failure) {
        failIf(waiter -> true, failure);
    }

    /** Fails those who have waited since before that moment. */
    void failSince(long nanos, FetchException failure) {
        failIf(waiter -> waiter.sinceNanos() - nanos < 0, failure);
    }

    void fail(BlobReader reader, FetchException failure) {
        failIf(waiter -> waiter.reader() == reader, failure);
    }

    private void failIf(Predicate<Waiter> which, FetchException failure) {
        List<Waiter> chosen = waiters.stream().filter(which).toList();
        waiters.removeAll(chosen);
        chosen.forEach(waiter -> waiter.done().completeExceptionally(failure));
    }

    boolean isEmpty() {
        return waiters.isEmpty();
    }
}
