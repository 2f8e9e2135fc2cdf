package io.runnel.engine;

import io.runnel.crypto.AuthenticationException;
import io.runnel.crypto.tree.Stretch;
import io.runnel.crypto.tree.TreeShape;
import io.runnel.crypto.tree.VerifiedTree;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceException;
import io.runnel.store.StoredBlob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Obtains the hash tree of one window (16 MiB) after the other, from the store or a source, and proves it against the
 * blob's id. One window at a time: what proves the next one depends on what is proven already, and 64 KiB for each 16 MiB
 * are no burden. Owned by the engine loop.
 */
final class TreeLoader {
    private static final Logger LOG = LoggerFactory.getLogger(TreeLoader.class);

    /** Windows whose hashes are kept: 32 KiB each, for 1 GiB of blob. */
    private static final int MOST_WINDOWS = 64;

    private final EngineLoop loop;
    private final VerifiedTree tree;
    private final TreeShape shape;
    private final StoredBlob stored;
    private final Duration timeout;
    private final Transfers.Outcome outcome;
    private final Deque<Long> proven = new ArrayDeque<>();
    private GroupSet provable = GroupSet.empty();

    /** Whether the store is being read. */
    private boolean reading;

    /** Windows that the store was asked for and that are not proven yet: it is not asked for them again. */
    private final Set<Long> storeTried = new HashSet<>();

    private @Nullable Load load;

    /** A window that was asked for: of whom, how many of them owe it, and when the last of them was asked. */
    private static final class Load {
        final long window;
        final List<Stretch> missing;
        final Set<SourceState> asked = new HashSet<>();
        int owed;
        long askedNanos;

        Load(long window, List<Stretch> missing) {
            this.window = window;
            this.missing = missing;
        }
    }

    TreeLoader(OpenBlob blob, EngineLoop loop, Duration timeout, Transfers.Outcome outcome) {
        this.loop = loop;
        this.shape = blob.shape();
        this.tree = new VerifiedTree(blob.id(), shape);
        this.stored = blob.stored();
        this.timeout = timeout;
        this.outcome = outcome;
    }

    /** The groups whose hashes are proven. */
    GroupSet provable() {
        return provable;
    }

    /** The proven hashes of these groups, 32 bytes each; null where not all are proven. */
    byte @Nullable [] hashes(GroupRange groups) {
        return !provable.containsAll(groups) ? null : tree.hashes(groups.first(), (int) groups.count());
    }

    /** Chooses who is asked for a window, unlike those asked before; null where nobody can be now. */
    interface Chooser {
        @Nullable SourceState choose(GroupRange window, Set<SourceState> asked);
    }

    /**
     * Starts loading the first window of these groups that is not proven, if none is being loaded. Where one is, and it
     * does not come, another source is asked beside.
     *
     * @param patienceNanos how long it may take until then
     */
    void want(GroupRange groups, long now, long patienceNanos, Chooser chooser) {
        long group = provable.nextAbsent(groups.first());
        if (group >= groups.end() || reading) {
            return;
        }
        if (load == null) {
            start(group / VerifiedTree.WINDOW_GROUPS, now, chooser);
        } else if (now - load.askedNanos >= patienceNanos) {
            ask(load, now, chooser);
        }
    }

    private void start(long window, long now, Chooser chooser) {
        List<Stretch> missing = tree.missing(window);
        if (missing.isEmpty()) {
            prove(window, List.of(), List.of());
        } else if (storeTried.add(window)) {
            reading = true;
            loop.work(() -> fromStore(window, missing));
        } else {
            ask(new Load(window, missing), now, chooser);
        }
    }

    private GroupRange groupsOf(long window) {
        long first = window * VerifiedTree.WINDOW_GROUPS;
        return new GroupRange(first, Math.min(shape.groups(), first + VerifiedTree.WINDOW_GROUPS));
    }

    /** On a worker. */
    private void fromStore(long window, List<Stretch> missing) {
        List<ByteBuffer> read = new ArrayList<>();
        try {
            for (Stretch stretch : missing) {
                ByteBuffer nodes = ByteBuffer.allocate(stretch.length());
                if (!stored.readTree(stretch.offset(), nodes)) {
                    break;
                }
                read.add(nodes.flip());
            }
        } catch (IOException | RuntimeException | Error e) {
            LOG.warn("the store could not read its hash tree, it is fetched again: {}", e.toString());
            read.clear();
        }
        outcome.onLoop(() -> {
            reading = false;
            if (read.size() == missing.size()) {
                prove(window, missing, read);
            }
            outcome.changed();
        });
    }

    private void ask(Load asked, long now, Chooser chooser) {
        SourceState source = chooser.choose(groupsOf(asked.window), asked.asked);
        if (source == null) {
            return;
        }
        load = asked;
        asked.asked.add(source);
        asked.askedNanos = now;
        asked.owed++;
        List<CompletableFuture<ByteBuffer>> parts = new ArrayList<>();
        for (Stretch stretch : asked.missing) {
            parts.add(source.source.tree(stretch.offset(), stretch.length()));
        }
        CompletableFuture<@Nullable Void> all = CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new));
        CompletableFuture<?> unused =
                all.whenComplete((nothing, failure) -> outcome.onLoop(() -> answered(asked, source, parts, failure)));
        loop.later(
                timeout,
                () -> all.completeExceptionally(
                        new SourceException(SourceException.Reason.TIMED_OUT, "the hash tree did not come")));
    }

    private void answered(
            Load asked, SourceState source, List<CompletableFuture<ByteBuffer>> parts, @Nullable Throwable failure) {
        asked.owed--;
        if (failure != null) {
            outcome.ended(source, sourceException(failure));
        } else if (load == asked) {
            accept(asked, source, parts);
        }
        if (load == asked && asked.owed == 0) {
            load = null;
        }
        outcome.changed();
    }

    private void accept(Load asked, SourceState source, List<CompletableFuture<ByteBuffer>> parts) {
        if (prove(
                asked.window,
                asked.missing,
                parts.stream().map(CompletableFuture::join).toList())) {
            load = null;
            source.holder.party().wasHelpful();
            keep(asked.missing, parts);
        } else {
            outcome.lied(source, asked.window * VerifiedTree.WINDOW_GROUPS);
        }
    }

    private static SourceException sourceException(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof SourceException known
                ? known
                : new SourceException(SourceException.Reason.UNREACHABLE, "the source failed: " + cause);
    }

    /** Whether the nodes are those of the blob. */
    private boolean prove(long window, List<Stretch> stretches, List<ByteBuffer> nodes) {
        for (int i = 0; i < stretches.size(); i++) {
            if (nodes.get(i).remaining() != stretches.get(i).length()) {
                return false;
            }
        }
        try {
            tree.prove(window, nodes.stream().map(ByteBuffer::duplicate).toList());
        } catch (AuthenticationException forged) {
            return false;
        }
        provable = provable.plus(groupsOf(window));
        proven.addLast(window);
        if (proven.size() > MOST_WINDOWS) {
            long oldest = proven.removeFirst();
            tree.forget(oldest);
            provable = provable.minus(groupsOf(oldest));
        }
        storeTried.remove(window);
        return true;
    }

    private void keep(List<Stretch> stretches, List<CompletableFuture<ByteBuffer>> nodes) {
        loop.work(() -> {
            try {
                for (int i = 0; i < stretches.size(); i++) {
                    stored.putTree(stretches.get(i).offset(), nodes.get(i).join());
                }
            } catch (IOException | RuntimeException | Error failure) {
                outcome.onLoop(() -> outcome.storeFailed(StoreFailures.of(failure)));
            }
        });
    }
}
