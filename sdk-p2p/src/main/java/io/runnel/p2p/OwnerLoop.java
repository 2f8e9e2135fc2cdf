package io.runnel.p2p;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that owns the machines of a swarm and everything around them. */
final class OwnerLoop {
    private static final Logger LOG = LoggerFactory.getLogger(OwnerLoop.class);
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final long startNanos = System.nanoTime();
    private final ScheduledThreadPoolExecutor executor;

    OwnerLoop() {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "runnel-p2p-" + COUNT.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        executor.setRejectedExecutionHandler((task, ended) -> {});
        executor.setRemoveOnCancelPolicy(true);
    }

    /** Time on the loop's clock, which starts at zero. */
    long nanos() {
        return System.nanoTime() - startNanos;
    }

    /** Runs a task on the loop, after those before it; drops it once the loop has ended. From any thread. */
    void execute(Runnable task) {
        if (!executor.isShutdown()) {
            executor.execute(guarded(task));
        }
    }

    /** Runs a task on the loop at a time of the loop's clock; drops it once the loop has ended. */
    void at(long nanos, Runnable task) {
        Future<?> unused = schedule(nanos, task);
    }

    /** The same, for a task that may be cancelled before. */
    Future<?> schedule(long nanos, Runnable task) {
        return executor.schedule(guarded(task), Math.max(0, nanos - nanos()), TimeUnit.NANOSECONDS);
    }

    /** How many tasks wait, for their time or their turn. */
    int waiting() {
        return executor.getQueue().size();
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.error("a task of the swarm failed: this is a defect of Runnel", e);
            }
        };
    }

    /** Waits until what is queued, and what that queues, has run; but not for long. From any thread but the loop. */
    void drain(long millis) {
        CountDownLatch idle = new CountDownLatch(1);
        execute(() -> execute(idle::countDown));
        try {
            if (!idle.await(millis, TimeUnit.MILLISECONDS)) {
                LOG.warn("the swarm's loop is stuck: this is a defect of Runnel");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the loop. What is queued does not run. */
    void close() {
        executor.shutdownNow();
    }
}
