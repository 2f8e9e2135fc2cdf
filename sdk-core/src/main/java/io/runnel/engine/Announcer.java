package io.runnel.engine;

import io.runnel.crypto.BlobId;
import io.runnel.fetch.FetchListener;
import io.runnel.fetch.FetchTotals;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceInfo;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the app's listener, one call at a time and in order, on the app's executor. Safe for use on any thread.
 *
 * <p>A listener that blocks makes events wait, and what waits is bounded by what the app and its peers really did: groups
 * verified from one source are one event however many they are, and once {@link #MANY} events wait, a source that came
 * and went unheard without delivering anything is not mentioned at all. Nothing else is left out.
 */
final class Announcer {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    /** So many events wait only where the listener blocks. */
    static final int MANY = 1024;

    private record Source(BlobId blob, SourceInfo info) {}

    private interface Event {
        void tell(FetchListener listener);
    }

    private final FetchListener listener;
    private final Executor executor;
    private final Queue<Event> queue = new ArrayDeque<>();

    /** The last waiting event of a source that later ones may still change. */
    private final Map<Source, SourceEvent> open = new HashMap<>();

    private boolean draining;

    Announcer(FetchListener listener, Executor executor) {
        this.listener = listener;
        this.executor = executor;
    }

    void started(BlobId blob, long plaintextBytes) {
        change(() -> queue.add(to -> to.started(blob, plaintextBytes)));
    }

    void joined(BlobId blob, SourceInfo source) {
        change(() -> keepOpen(new Joined(new Source(blob, source))));
    }

    void left(BlobId blob, SourceInfo source) {
        change(() -> {
            if (open.remove(new Source(blob, source)) instanceof Joined unheard && queue.size() >= MANY) {
                queue.remove(unheard);
            } else {
                queue.add(to -> to.sourceLeft(blob, source));
            }
        });
    }

    void verified(BlobId blob, GroupRange groups, SourceInfo source) {
        Source from = new Source(blob, source);
        change(() -> {
            if (open.get(from) instanceof Verified waiting) {
                waiting.groups = waiting.groups.plus(groups);
            } else {
                keepOpen(new Verified(from, GroupSet.of(groups)));
            }
        });
    }

    void rejected(BlobId blob, SourceInfo source, String what) {
        change(() -> {
            open.remove(new Source(blob, source));
            queue.add(to -> to.rejected(blob, source, what));
        });
    }

    void finished(BlobId blob, FetchTotals totals) {
        change(() -> queue.add(to -> to.finished(blob, totals)));
    }

    private void keepOpen(SourceEvent event) {
        open.put(event.source, event);
        queue.add(event);
    }

    /** Changes the queue, then sees to it that it is drained. */
    private void change(Runnable change) {
        synchronized (queue) {
            change.run();
            if (draining || queue.isEmpty()) {
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
                open.clear();
                draining = false;
            }
        }
    }

    private void drain() {
        for (Event event = next(); event != null; event = next()) {
            try {
                event.tell(listener);
            } catch (RuntimeException e) {
                LOG.warn("the app's fetch listener threw", e);
            }
        }
    }

    private @Nullable Event next() {
        synchronized (queue) {
            Event event = queue.poll();
            if (event instanceof SourceEvent heard) {
                open.remove(heard.source, heard);
            }
            draining = event != null;
            return event;
        }
    }

    /** An event that changes while it waits, guarded by the queue; equal only to itself. */
    private abstract static class SourceEvent implements Event {
        final Source source;

        SourceEvent(Source source) {
            this.source = source;
        }
    }

    private static final class Joined extends SourceEvent {
        Joined(Source source) {
            super(source);
        }

        @Override
        public void tell(FetchListener listener) {
            listener.sourceJoined(source.blob(), source.info());
        }
    }

    private static final class Verified extends SourceEvent {
        GroupSet groups;

        Verified(Source source, GroupSet groups) {
            super(source);
            this.groups = groups;
        }

        @Override
        public void tell(FetchListener listener) {
            groups.runs().forEach(run -> listener.verified(source.blob(), run, source.info()));
        }
    }
}
