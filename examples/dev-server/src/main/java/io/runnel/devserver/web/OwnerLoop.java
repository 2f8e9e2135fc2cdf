package io.runnel.devserver.web;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that owns a machine: tasks run in order, and none after the loop is closed. */
public final class OwnerLoop implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OwnerLoop.class);

    private static final long AWAIT_MILLIS = 500;

    private final ScheduledThreadPoolExecutor executor;

    /** A loop whose thread this factory makes. */
    public OwnerLoop(ThreadFactory threads) {
        executor = new ScheduledThreadPoolExecutor(1, threads);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    }

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(guarded(task));
        } catch (RejectedExecutionException closed) {
            LOG.trace("a task came after the loop was closed");
        }
    }

    /** Runs the task and waits until it ran, for at most half a second. */
    public void await(Runnable task) {
        CountDownLatch ran = new CountDownLatch(1);
        execute(() -> {
            try {
                task.run();
            } finally {
                ran.countDown();
            }
        });
        try {
            if (!ran.await(AWAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.warn("the dev server is busy: it stops without waiting for a task");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs the task again and again, this many milliseconds apart. */
    public void every(long periodMillis, Runnable task) {
        // Guarded: its future has nothing to tell.
        ScheduledFuture<?> unused =
                executor.scheduleWithFixedDelay(guarded(task), periodMillis, periodMillis, TimeUnit.MILLISECONDS);
    }

    /** Runs what was handed over before, for at most half a second, then stops. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(AWAIT_MILLIS, TimeUnit.MILLISECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("a task of the dev server failed; please report this", e);
            }
        };
    }
}
