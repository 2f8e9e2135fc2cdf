package io.runnel.engine;

import io.runnel.crypto.BlobId;
import io.runnel.fetch.FetchListener;
import io.runnel.fetch.FetchStats;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceInfo;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the app's listener, one call at a time and in order, on the app's executor. Safe for use on any thread.
 *
 * <p>A listener that blocks makes events wait, and what waits is bounded by what the app and its peers really did: groups
 * verified from one source are one event however many they are, as are the stalls of a blob, and once {@link #MANY}
 * events wait, a source that came and went unheard without delivering anything is not mentioned at all. Nothing else is
 * left out, also where the listener throws, which costs it that call, or the executor refuses for a while: what waits is
 * told after the next event. Only an executor that was shut down hears no more.
 */
final class Announcer {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    /** So many events wait only where the listener blocks. */
    static final int MANY = 1024;

    /** A source of a blob, or with null its readers. */
    private record Topic(BlobId blob, @Nullable SourceInfo source) {}

    private interface Event {
        void tell(FetchListener listener);
    }

    private final FetchListener listener;
    private final Executor executor;
    private final Queue<Event> queue = new ArrayDeque<>();

    /** The last waiting event on a topic that later ones may still change. */
    private final Map<Topic, OpenEvent> open = new HashMap<>();

    /** Who tells what waits, or will; null where nobody does. Guarded by the queue. */
    private @Nullable Drain draining;

    /** What went wrong and was logged with its stack, once for the client. */
    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    Announcer(FetchListener listener, Executor executor) {
        this.listener = listener;
        this.executor = executor;
    }

    void started(BlobId blob, long plaintextBytes) {
        change(() -> queue.add(to -> to.started(blob, plaintextBytes)));
    }

    void joined(BlobId blob, SourceInfo source) {
        change(() -> keepOpen(new Joined(blob, source)));
    }

    void left(BlobId blob, SourceInfo source) {
        change(() -> {
            if (open.remove(new Topic(blob, source)) instanceof Joined unheard && queue.size() >= MANY) {
                queue.remove(unheard);
            } else {
                queue.add(to -> to.sourceLeft(blob, source));
            }
        });
    }

    void verified(BlobId blob, GroupRange groups, SourceInfo source) {
        Topic from = new Topic(blob, source);
        change(() -> {
            if (open.get(from) instanceof Verified waiting) {
                waiting.groups = waiting.groups.plus(groups);
            } else {
                keepOpen(new Verified(blob, source, GroupSet.of(groups)));
            }
        });
    }

    void rejected(BlobId blob, SourceInfo source, String what) {
        RejectionEvent.note(blob, source, what);
        change(() -> {
            open.remove(new Topic(blob, source));
            queue.add(to -> to.rejected(blob, source, what));
        });
    }

    void stalled(BlobId blob, Duration waited) {
        Topic reading = new Topic(blob, null);
        change(() -> {
            if (open.get(reading) instanceof Stalled waiting) {
                waiting.waited = waiting.waited.plus(waited);
            } else {
                keepOpen(new Stalled(reading, waited));
            }
        });
    }

    void revoked(BlobId blob) {
        change(() -> queue.add(to -> to.revoked(blob)));
    }

    void finished(BlobId blob, FetchStats totals) {
        change(() -> queue.add(to -> to.finished(blob, totals)));
    }

    private void keepOpen(OpenEvent event) {
        open.put(event.topic, event);
        queue.add(event);
    }

    /** Changes the queue, then sees to it that it is drained. */
    private void change(Runnable change) {
        Drain drain = new Drain();
        synchronized (queue) {
            change.run();
            if (draining != null || queue.isEmpty()) {
                return;
            }
            draining = drain;
        }
        try {
            executor.execute(drain);
        } catch (RuntimeException | Error refused) {
            refused(drain, refused);
        }
    }

    private void refused(Drain drain, Throwable why) {
        boolean shutDown = executor instanceof ExecutorService service && service.isShutdown();
        synchronized (queue) {
            if (shutDown) {
                queue.clear();
                open.clear();
            }
            if (draining == drain && !drain.begun) {
                draining = null;
            }
        }
        if (shutDown) {
            LOG.debug("the callback executor was shut down: events are dropped");
        } else {
            log("the callback executor refused a task: events wait for the next one", why);
        }
    }

    private void log(String what, Throwable e) {
        if (logged.add(what)) {
            LOG.warn("{}; from now on this is logged at DEBUG", what, e);
        } else {
            LOG.debug(what, e);
        }
    }

    private void call(Runnable listenerCall) {
        try {
            listenerCall.run();
        } catch (RuntimeException | Error e) {
            log("the app's fetch listener threw", e);
        }
    }

    /** Tells all that waits. One that the executor refused and runs all the same does nothing. */
    private final class Drain implements Runnable {
        /** Guarded by the queue. */
        boolean begun;

        @Override
        public void run() {
            for (Event event = next(); event != null; event = next()) {
                Event heard = event;
                call(() -> heard.tell(listener));
            }
        }

        private @Nullable Event next() {
            synchronized (queue) {
                if (draining != this) {
                    return null;
                }
                begun = true;
                Event event = queue.poll();
                if (event instanceof OpenEvent heard) {
                    open.remove(heard.topic, heard);
                }
                draining = event == null ? null : this;
                return event;
            }
        }
    }

    /** An event that may change while it waits, guarded by the queue; equal only to itself. */
    private abstract static class OpenEvent implements Event {
        final Topic topic;

        OpenEvent(Topic topic) {
            this.topic = topic;
        }
    }

    private abstract static class SourceEvent extends OpenEvent {
        final BlobId blob;
        final SourceInfo source;

        SourceEvent(BlobId blob, SourceInfo source) {
            super(new Topic(blob, source));
            this.blob = blob;
            this.source = source;
        }
    }

    private static final class Joined extends SourceEvent {
        Joined(BlobId blob, SourceInfo source) {
            super(blob, source);
        }

        @Override
        public void tell(FetchListener listener) {
            listener.sourceJoined(blob, source);
        }
    }

    private final class Verified extends SourceEvent {
        GroupSet groups;

        Verified(BlobId blob, SourceInfo source, GroupSet groups) {
            super(blob, source);
            this.groups = groups;
        }

        @Override
        public void tell(FetchListener listener) {
            groups.runs().forEach(run -> call(() -> listener.verified(blob, run, source)));
        }
    }

    private static final class Stalled extends OpenEvent {
        Duration waited;

        Stalled(Topic topic, Duration waited) {
            super(topic);
            this.waited = waited;
        }

        @Override
        public void tell(FetchListener listener) {
            listener.stalled(topic.blob(), waited);
        }
    }
}
