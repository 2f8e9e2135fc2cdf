package io.runnel.engine;

import io.runnel.fetch.FetchListener;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the app's listener, one call at a time and in order, on the app's executor. Safe for use on any thread. */
final class Announcer {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    private final FetchListener listener;
    private final Executor executor;
    private final Queue<Consumer<FetchListener>> queue = new ArrayDeque<>();
    private boolean draining;

    Announcer(FetchListener listener, Executor executor) {
        this.listener = listener;
        this.executor = executor;
    }

    void announce(Consumer<FetchListener> event) {
        synchronized (queue) {
            queue.add(event);
            if (draining) {
                return;
            }
            draining = true;
        }
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException closed) {
            LOG.debug("the callback executor is closed: events are dropped");
            synchronized (queue) {
                queue.clear();
                draining = false;
            }
        }
    }

    private void drain() {
        while (true) {
            Consumer<FetchListener> event;
            synchronized (queue) {
                event = queue.poll();
                if (event == null) {
                    draining = false;
                    return;
                }
            }
            try {
                event.accept(listener);
            } catch (RuntimeException e) {
                LOG.warn("the app's fetch listener threw", e);
            }
        }
    }
}
