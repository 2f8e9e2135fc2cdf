package io.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.fetch.FetchException;
import io.runnel.source.GroupRange;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class HeldWaitersTest {
    private final FetchException late = new FetchException(FetchException.Reason.TIMED_OUT, "too late");

    private final HeldWaiters waiters = new HeldWaiters();

    private CompletableFuture<Void> waits(long sinceNanos) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        waiters.add(null, new GroupRange(0, 1), done, sinceNanos);
        return done;
    }

    @Test
    void failSince_oneHasJustBegunToWait_isSpared() {
        CompletableFuture<Void> young = waits(101);
        CompletableFuture<Void> old = waits(99);
        waiters.failSince(100, late);
        assertThat(old).isCompletedExceptionally();
        assertThat(young).isNotDone();
        waiters.failSince(102, late);
        assertThat(young).isCompletedExceptionally();
        assertThat(waiters.isEmpty()).isTrue();
    }

    /** As System.nanoTime may do. */
    @Test
    void failSince_clockOverflows_theOrderIsKept() {
        CompletableFuture<Void> old = waits(Long.MAX_VALUE - 5);
        CompletableFuture<Void> young = waits(Long.MIN_VALUE + 5);
        waiters.failSince(Long.MIN_VALUE, late);
        assertThat(old).isCompletedExceptionally();
        assertThat(young).isNotDone();
    }
}
