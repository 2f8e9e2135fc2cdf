package io.runnel.engine;

import io.runnel.crypto.tree.Stretch;
import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.PeerPath;
import io.runnel.source.SourceException;
import io.runnel.source.SourceInfo;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source as the engine calls it. It may be an app's own: what it must not do, throw or give null, is a failure of that
 * source and of nothing else. Safe for use on any thread.
 */
final class GuardedSource {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedSource.class);

    private final BlobSource source;
    private final SourceInfo info;
    private final AtomicBoolean logged = new AtomicBoolean();

    private GuardedSource(BlobSource source) throws SourceException {
        this.source = source;
        this.info = call("info", source::info);
    }

    /** Null where the source does not say who it is. */
    static @Nullable GuardedSource of(BlobSource source) {
        try {
            return new GuardedSource(source);
        } catch (SourceException told) {
            return null;
        }
    }

    /** Who it is: what it said first. */
    SourceInfo info() {
        return info;
    }

    /** What it says it holds; null where it does not say. */
    @Nullable GroupSet available() {
        try {
            return call("available", source::available);
        } catch (SourceException told) {
            return null;
        }
    }

    PeerPath path() {
        try {
            return call("path", source::path);
        } catch (SourceException told) {
            return PeerPath.UNKNOWN;
        }
    }

    /**
     * Asks for a part of a hash tree.
     *
     * @param part no longer than a source may be asked for
     */
    CompletableFuture<ByteBuffer> tree(Stretch part) {
        try {
            return call("tree", () -> source.tree(part.offset(), part.length()).thenApply(this::requireNodes));
        } catch (SourceException broken) {
            return CompletableFuture.failedFuture(broken);
        }
    }

    private ByteBuffer requireNodes(@Nullable ByteBuffer nodes) {
        try {
            return call("tree", () -> nodes);
        } catch (SourceException broken) {
            throw new CompletionException(broken);
        }
    }

    /** Asks for groups. Where it throws, the receiver hears of it, as of any failure. */
    BlobSource.Transfer fetch(GroupRange groups, BlobSource.GroupReceiver receiver) {
        try {
            return cancelling(call("fetch", () -> source.fetch(groups, new Receiver(receiver))));
        } catch (SourceException broken) {
            receiver.failed(broken);
            return () -> {};
        }
    }

    private BlobSource.Transfer cancelling(BlobSource.Transfer transfer) {
        return () -> cancel(transfer);
    }

    private void cancel(BlobSource.Transfer transfer) {
        try {
            boolean unused = call("cancel", () -> {
                transfer.cancel();
                return true;
            });
        } catch (SourceException told) {
            LOG.trace("a request that cannot be cancelled goes on, and what comes of it counts as wasted");
        }
    }

    /** What the source tells of a request; null it may not tell. */
    private final class Receiver implements BlobSource.GroupReceiver {
        private final BlobSource.GroupReceiver receiver;

        Receiver(BlobSource.GroupReceiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void received(long firstGroup, @Nullable ByteBuffer bytes) {
            try {
                receiver.received(firstGroup, call("received", () -> bytes));
            } catch (SourceException broken) {
                receiver.failed(broken);
            }
        }

        @Override
        public void completed() {
            receiver.completed();
        }

        @Override
        public void failed(@Nullable SourceException failure) {
            try {
                receiver.failed(call("failed", () -> failure));
            } catch (SourceException broken) {
                receiver.failed(broken);
            }
        }
    }

    /** @throws SourceException caused by what the source threw; it has been logged */
    private <T> T call(String method, Supplier<@Nullable T> made) throws SourceException {
        try {
            return Objects.requireNonNull(made.get(), () -> method + " gave null");
        } catch (Throwable broken) {
            // Of any kind: Kotlin, for one, does not check exceptions.
            String what = "the source " + source.getClass().getName() + " threw in " + method + ", or gave null";
            log(what, broken);
            SourceException failure = new SourceException(SourceException.Reason.UNREACHABLE, what);
            failure.initCause(broken);
            throw failure;
        }
    }

    private void log(String what, Throwable broken) {
        if (logged.compareAndSet(false, true)) {
            LOG.warn(
                    "{}: a defect of that class, the app's own where it is not one of Runnel's; other sources go on, and"
                            + " more of this one is logged at DEBUG",
                    what,
                    broken);
        } else {
            LOG.debug(what, broken);
        }
    }
}
