package io.runnel.engine;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one client: the loop that owns all engine state, and two workers for what blocks or computes (hashing,
 * the disk). The workers' queue is bounded by what the sessions have in flight.
 *
 * <p>Tasks given after close, and those that have not begun when close gives up waiting, are dropped. A task that somebody
 * waits for says what is to be done then: it or that is run, exactly one of them, and once.
 */
final class EngineLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineLoop.class);
    private static final int WORKERS = 2;
    private static final long CLOSE_LIMIT_MILLIS = 1_000;

    private final ThreadFactory loopThreads = EngineThreads.named("engine");
    private final ScheduledThreadPoolExecutor loop = new ScheduledThreadPoolExecutor(1, this::loopThread);
    private final ThreadFactory workThreads = EngineThreads.named("work");
    private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS, this::workThread);
    private final Set<Thread> workerThreads = ConcurrentHashMap.newKeySet();

    /** Given and not begun. Whoever takes a task out of here runs it, or what is to be done instead. */
    private final Set<Task> waiting = ConcurrentHashMap.newKeySet();

    private volatile @Nullable Thread owner;

    EngineLoop() {
        loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        loop.setRemoveOnCancelPolicy(true);
    }

    private Thread loopThread(Runnable loopTask) {
        Thread thread = loopThreads.newThread(loopTask);
        owner = thread;
        return thread;
    }

    private Thread workThread(Runnable workerTask) {
        Thread thread = workThreads.newThread(workerTask);
        workerThreads.add(thread);
        return thread;
    }

    /** Whether this is the owner thread: a task of it, or what an app has chained to a future that one completed. */
    boolean isOwner() {
        return Thread.currentThread() == owner;
    }

    /** Runs a task on the owner thread, unless the engine is closed. */
    void execute(Runnable task) {
        execute(task, () -> {});
    }

    /**
     * Runs a task on the owner thread.
     *
     * @param dropped run instead where the engine is closed: at once on this thread, or later on the one that closes
     */
    void execute(Runnable task, Runnable dropped) {
        submit(loop, new Task(task, dropped));
    }

    /** Runs a task on the owner thread after a while. */
    void later(Duration delay, Runnable task) {
        try {
            ScheduledFuture<?> unused = loop.schedule(() -> guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.trace("dropped a timer: the engine is closed");
        }
    }

    /** Runs a task that may block, on a worker, unless the engine is closed. */
    void work(Runnable task) {
        work(task, () -> {});
    }

    /**
     * Runs a task that may block, on a worker.
     *
     * @param dropped as for {@link #execute(Runnable, Runnable)}
     */
    void work(Runnable task, Runnable dropped) {
        submit(workers, new Task(task, dropped));
    }

    private void submit(ExecutorService executor, Task task) {
        waiting.add(task);
        try {
            executor.execute(task);
        } catch (RejectedExecutionException closed) {
            task.drop();
        }
    }

    private final class Task implements Runnable {
        private final Runnable task;
        private final Runnable dropped;

        Task(Runnable task, Runnable dropped) {
            this.task = task;
            this.dropped = dropped;
        }

        @Override
        public void run() {
            if (waiting.remove(this)) {
                guarded(task);
            }
        }

        void drop() {
            if (waiting.remove(this)) {
                LOG.trace("dropped a task: the engine is closed");
                guarded(dropped);
            }
        }
    }

    /** Runs a task; what it throws is a bug of the engine, and ends only that task. */
    static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error bug) {
            LOG.error("a task of the engine failed: please report this", bug);
        }
    }

    /**
     * Runs what is queued, ends the threads, and drops what they did not come to; returns within about two seconds. On one
     * of the threads, which cannot wait for itself, what is queued for it, or for the workers, may be dropped.
     */
    @Override
    public void close() {
        loop.shutdown();
        if (!isOwner()) {
            await(loop);
        }
        workers.shutdown();
        if (!workerThreads.contains(Thread.currentThread())) {
            await(workers);
        }
        waiting.forEach(Task::drop);
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
