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
import java.util.List;
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

    /** Tells the answers of an attempt that was given up from those of the one under way. */
    private long attempt;

    private boolean loading;
    private long storeTriedFor = -1;

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

    /** Chooses who is asked for a window; null where nobody can be now. */
    interface Chooser {
        @Nullable SourceState choose(GroupRange window);
    }

    /** Starts loading the first window of these groups that is not proven, if none is being loaded. */
    void want(GroupRange groups, Chooser chooser) {
        if (loading) {
            return;
        }
        long group = provable.nextAbsent(groups.first());
        if (group >= groups.end()) {
            return;
        }
        long window = group / VerifiedTree.WINDOW_GROUPS;
        List<Stretch> missing = tree.missing(window);
        if (missing.isEmpty()) {
            prove(window, List.of(), List.of());
        } else if (storeTriedFor != window) {
            storeTriedFor = window;
            loading = true;
            loop.work(() -> fromStore(window, missing));
        } else {
            SourceState source = chooser.choose(groupsOf(window));
            if (source != null) {
                fromSource(window, missing, source);
            }
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
        } catch (IOException e) {
            LOG.warn("the store could not read its hash tree, it is fetched again: {}", e.getMessage());
            read.clear();
        }
        outcome.onLoop(() -> {
            loading = false;
            if (read.size() == missing.size()) {
                prove(window, missing, read);
            }
            outcome.changed();
        });
    }

    private void fromSource(long window, List<Stretch> missing, SourceState source) {
        loading = true;
        long thisAttempt = ++attempt;
        List<CompletableFuture<ByteBuffer>> parts = new ArrayList<>();
        for (Stretch stretch : missing) {
            parts.add(source.source.tree(stretch.offset(), stretch.length()));
        }
        CompletableFuture<?> all = CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new));
        CompletableFuture<?> unused = all.whenComplete((nothing, failure) -> outcome.onLoop(() -> {
            if (thisAttempt != attempt) {
                return;
            }
            loading = false;
            if (failure != null) {
                outcome.ended(source, sourceException(failure));
            } else if (prove(
                    window, missing, parts.stream().map(CompletableFuture::join).toList())) {
                source.holder.party().wasHelpful();
                keep(missing, parts);
            } else {
                outcome.lied(source, window * VerifiedTree.WINDOW_GROUPS);
            }
            outcome.changed();
        }));
        loop.later(
                timeout,
                () -> outcome.onLoop(() -> {
                    if (thisAttempt == attempt && loading) {
                        attempt++;
                        loading = false;
                        outcome.ended(
                                source,
                                new SourceException(SourceException.Reason.TIMED_OUT, "the hash tree did not come"));
                        outcome.changed();
                    }
                }));
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
        storeTriedFor = -1;
        return true;
    }

    private void keep(List<Stretch> stretches, List<CompletableFuture<ByteBuffer>> nodes) {
        loop.work(() -> {
            try {
                for (int i = 0; i < stretches.size(); i++) {
                    stored.putTree(stretches.get(i).offset(), nodes.get(i).join());
                }
            } catch (IOException failure) {
                outcome.onLoop(() -> outcome.storeFailed(failure));
            }
        });
    }
}
