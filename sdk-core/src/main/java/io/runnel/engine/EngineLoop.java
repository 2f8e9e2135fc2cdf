package io.runnel.engine;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one client: the loop that owns all engine state, and two workers for what blocks or computes (hashing,
 * the disk). The workers' queue is bounded by what the sessions have in flight. Tasks given after close are dropped.
 */
final class EngineLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineLoop.class);
    private static final int WORKERS = 2;
    private static final long CLOSE_LIMIT_MILLIS = 1_000;

    private final ScheduledThreadPoolExecutor loop = new ScheduledThreadPoolExecutor(1, EngineThreads.named("engine"));
    private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS, EngineThreads.named("work"));

    EngineLoop() {
        loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        loop.setRemoveOnCancelPolicy(true);
    }

    /** Runs a task on the owner thread; false where the engine is closed and it never will. */
    boolean execute(Runnable task) {
        return submit(loop, task);
    }

    /** Runs a task on the owner thread after a while. */
    void later(Duration delay, Runnable task) {
        try {
            ScheduledFuture<?> unused = loop.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.trace("dropped a timer: the engine is closed");
        }
    }

    /** Runs a task that may block, on a worker; false where the engine is closed and it never will. */
    boolean work(Runnable task) {
        return submit(workers, task);
    }

    private static boolean submit(ExecutorService executor, Runnable task) {
        try {
            executor.execute(guarded(task));
            return true;
        } catch (RejectedExecutionException closed) {
            LOG.trace("dropped a task: the engine is closed");
            return false;
        }
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error bug) {
                LOG.error("a task of the engine failed: please report this", bug);
            }
        };
    }

    /** Runs what is queued, then ends the threads; returns within about two seconds. */
    @Override
    public void close() {
        loop.shutdown();
        await(loop);
        workers.shutdown();
        await(workers);
    }

    private static void await(ExecutorService executor) {
        try {
            if (!executor.awaitTermination(CLOSE_LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
