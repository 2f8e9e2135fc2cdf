package io.runnel.p2p.webrtc;

import io.runnel.p2p.transport.PeerLink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that makes the native calls of a factory and its connections: tasks in order, tasks after a while, and
 * senders that are polled for as long as they have something to send. Their low-water callback does not come, so asking
 * again and again is the only way to know that a buffer has drained.
 */
final class NativeThread {
    private static final Logger LOG = LoggerFactory.getLogger(NativeThread.class);
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(300);

    /** Something polled until it has nothing left to do. */
    interface Sender {
        /** Sends what can be sent now; whether something is left. */
        boolean pump();
    }

    private record Timed(long atNanos, Runnable task) {}

    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final PriorityQueue<Timed> timed = new PriorityQueue<>(Comparator.comparingLong(Timed::atNanos));
    private final List<Sender> senders = new ArrayList<>();
    private final Thread thread;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(PeerLink.MAX_MESSAGE_BYTES);
    private boolean stopped;

    NativeThread() {
        thread = new Thread(this::run, "runnel-webrtc-" + COUNT.incrementAndGet());
        thread.setDaemon(true);
        thread.start();
    }

    /** Runs a task after those queued before it. From any thread. After {@link #stop} tasks are dropped. */
    void execute(Runnable task) {
        tasks.add(task);
    }

    /** Runs a task after some time. On this thread. */
    void after(long nanos, Runnable task) {
        timed.add(new Timed(System.nanoTime() + nanos, task));
    }

    /** Polls a sender until it says that nothing is left. On this thread; a sender already there is not added again. */
    void poll(Sender sender) {
        if (!senders.contains(sender)) {
            senders.add(sender);
        }
    }

    /** Room for one message on its way out. On this thread, and only until the task or pump that asked returns. */
    ByteBuffer scratch() {
        return scratch.clear();
    }

    /** Ends the thread after the task that calls this. On this thread. */
    void stop() {
        stopped = true;
    }

    /** Whether the thread has ended. From any thread. */
    boolean ended() {
        return !thread.isAlive();
    }

    /** Waits for the end of the thread. From any thread but this. */
    void join(long millis) throws InterruptedException {
        thread.join(Math.max(1, millis));
    }

    private void run() {
        while (!stopped) {
            try {
                Runnable task = next();
                if (task != null) {
                    task.run();
                }
                if (!stopped) {
                    senders.removeIf(sender -> !sender.pump());
                }
            } catch (InterruptedException e) {
                // Nobody has this thread to interrupt it; its end is stop().
                LOG.debug("interrupted");
            } catch (RuntimeException | Error e) {
                // The library throws plain Errors too; a dead thread would take every connection with it.
                LOG.error("a native task failed: this is a defect of Runnel", e);
            }
        }
    }

    private @Nullable Runnable next() throws InterruptedException {
        Timed first = timed.peek();
        long wait = senders.isEmpty() ? Long.MAX_VALUE : POLL_NANOS;
        if (first != null) {
            long left = first.atNanos() - System.nanoTime();
            if (left <= 0) {
                timed.remove();
                return first.task();
            }
            wait = Math.min(wait, left);
        }
        return wait == Long.MAX_VALUE ? tasks.take() : tasks.poll(wait, TimeUnit.NANOSECONDS);
    }
}
