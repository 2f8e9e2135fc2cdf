package io.runnel.p2p.webrtc;

import io.runnel.p2p.transport.PeerLink;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
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
 * again is the only way to know that a buffer has drained; each sender says when that is worth it.
 */
final class NativeThread {
    private static final Logger LOG = LoggerFactory.getLogger(NativeThread.class);
    private static final AtomicInteger COUNT = new AtomicInteger();

    private static final long AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** Something polled until it has nothing left to do. */
    interface Sender {
        /** The answer of a sender that is not to be asked again. */
        long NOTHING_LEFT = Long.MAX_VALUE;

        /** Sends what can be sent now; in how many nanoseconds to ask again, or {@link #NOTHING_LEFT}. */
        long pump();
    }

    private record Timed(long atNanos, Runnable task) {}

    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final PriorityQueue<Timed> timed = new PriorityQueue<>(Comparator.comparingLong(Timed::atNanos));

    /** With the time of their turn. */
    private final Map<Sender, Long> senders = new LinkedHashMap<>();

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

    /** Polls a sender, at once and until it says that nothing is left. On this thread; one already there keeps its turn. */
    void poll(Sender sender) {
        senders.putIfAbsent(sender, System.nanoTime());
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
                    pump(System.nanoTime());
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

    private void pump(long now) {
        senders.entrySet().removeIf(each -> {
            if (each.getValue() - now > 0) {
                return false;
            }
            // Before it may throw: a sender that fails is not asked without a pause.
            each.setValue(now + AFTER_FAILURE_NANOS);
            long wait = each.getKey().pump();
            each.setValue(now + wait);
            return wait == Sender.NOTHING_LEFT;
        });
    }

    private @Nullable Runnable next() throws InterruptedException {
        long now = System.nanoTime();
        long wait = Long.MAX_VALUE;
        Timed first = timed.peek();
        if (first != null) {
            wait = first.atNanos() - now;
            if (wait <= 0) {
                timed.remove();
                return first.task();
            }
        }
        for (long turn : senders.values()) {
            wait = Math.min(wait, turn - now);
        }
        return wait == Long.MAX_VALUE ? tasks.take() : tasks.poll(wait, TimeUnit.NANOSECONDS);
    }
}
