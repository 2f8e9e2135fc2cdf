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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Obtains the hash trees of windows (16 MiB), from the store or a source, and proves them against the blob's id. Each
 * demand's windows one after the other, as 64 KiB for each 16 MiB are no burden; but one that does not come holds up no
 * other. Owned by the engine loop.
 */
final class TreeLoader {
    private static final Logger LOG = LoggerFactory.getLogger(TreeLoader.class);

    /** Windows whose hashes are kept: 32 KiB each, for 1 GiB of blob. */
    private static final int MOST_WINDOWS = 64;

    /** Windows that sources are asked for at a time. */
    private static final int MOST_LOADS = 4;

    private final EngineLoop loop;
    private final VerifiedTree tree;
    private final TreeShape shape;
    private final StoredBlob stored;
    private final Duration timeout;
    private final Transfers.Outcome outcome;
    private final Deque<Long> proven = new ArrayDeque<>();
    private GroupSet provable = GroupSet.empty();
    private GroupSet demanded = GroupSet.empty();

    /** Whether the store is being read. */
    private boolean reading;

    /** Windows that the store was asked for and that are not proven yet: it is not asked for them again. */
    private final Set<Long> storeTried = new HashSet<>();

    /** Windows that sources were asked for, by their index; those asked for first come first. */
    private final Map<Long, Load> loads = new LinkedHashMap<>();

    /** A window that was asked for: since when, of whom, who of them owes it, and when the last of them was asked. */
    private static final class Load {
        final long window;
        final List<Stretch> missing;
        final long sinceNanos;
        final Set<SourceState> asked = new HashSet<>();
        final Set<SourceState> owing = new HashSet<>();
        long askedNanos;

        Load(long window, List<Stretch> missing, long nowNanos) {
            this.window = window;
            this.missing = missing;
            this.sinceNanos = nowNanos;
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

    /** Chooses who is asked for a window, unlike those asked or busy; null where nobody can be now. */
    interface Chooser {
        @Nullable SourceState choose(GroupRange window, Set<SourceState> asked);
    }

    /** All that anybody wants: a load of what nobody wants makes room for another. */
    void demanded(GroupSet groups) {
        demanded = groups;
    }

    /**
     * Starts loading the first window of these groups that is not proven. Where that does not come, another source is
     * asked beside, and the next window is loaded meanwhile.
     *
     * @param patienceNanos how long it may take until then
     */
    void want(GroupRange groups, long now, long patienceNanos, Chooser chooser) {
        Set<SourceState> busy = new HashSet<>();
        long group = provable.nextAbsent(groups.first());
        while (group < groups.end() && !reading) {
            long window = group / VerifiedTree.WINDOW_GROUPS;
            Load load = loads.get(window);
            if (load == null) {
                start(window, now, chooser, busy);
            } else if (now - load.askedNanos >= patienceNanos) {
                ask(load, now, chooser, busy);
            }
            Load begun = loads.get(window);
            if (begun != null && now - begun.sinceNanos < patienceNanos) {
                return;
            }
            if (begun != null) {
                begun.owing.stream().filter(source -> !source.isOrigin()).forEach(busy::add);
            }
            group = provable.nextAbsent(groupsOf(window).end());
        }
    }

    private void start(long window, long now, Chooser chooser, Set<SourceState> busy) {
        List<Stretch> missing = tree.missing(window);
        if (missing.isEmpty()) {
            prove(window, List.of(), List.of());
        } else if (storeTried.add(window)) {
            reading = true;
            loop.work(() -> fromStore(window, missing));
        } else if (loads.size() < MOST_LOADS || dropUnwanted()) {
            ask(new Load(window, missing, now), now, chooser, busy);
        }
    }

    /** Whether there was a load that nobody wants any more. Of those the oldest is forgotten; what comes of it is not used. */
    private boolean dropUnwanted() {
        for (Load load : loads.values()) {
            GroupRange groups = groupsOf(load.window);
            long wanted = demanded.nextPresent(groups.first());
            if (wanted < 0 || wanted >= groups.end()) {
                loads.remove(load.window);
                return true;
            }
        }
        return false;
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

    /** @param busy not to be asked either: what they owe of windows that are wanted before would only come later */
    private void ask(Load asked, long now, Chooser chooser, Set<SourceState> busy) {
        Set<SourceState> others = new HashSet<>(asked.asked);
        others.addAll(busy);
        SourceState source = chooser.choose(groupsOf(asked.window), others);
        if (source == null) {
            return;
        }
        loads.put(asked.window, asked);
        asked.asked.add(source);
        asked.askedNanos = now;
        asked.owing.add(source);
        List<TreeAnswer> answers = asked.missing.stream()
                .map(stretch -> TreeAnswer.ask(source.source, stretch))
                .toList();
        List<CompletableFuture<ByteBuffer>> parts =
                answers.stream().flatMap(answer -> answer.parts().stream()).toList();
        CompletableFuture<@Nullable Void> all = CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new));
        CompletableFuture<?> unused =
                all.whenComplete((nothing, failure) -> outcome.onLoop(() -> answered(asked, source, answers, failure)));
        failWhenSilent(all, parts, 0);
    }

    /** @param come how many of the parts had come when it was last looked at */
    private void failWhenSilent(CompletableFuture<?> all, List<CompletableFuture<ByteBuffer>> parts, long come) {
        loop.later(timeout, () -> {
            long now = parts.stream().filter(CompletableFuture::isDone).count();
            if (now == come) {
                all.completeExceptionally(
                        new SourceException(SourceException.Reason.TIMED_OUT, "the hash tree did not come"));
            } else if (!all.isDone()) {
                failWhenSilent(all, parts, now);
            }
        });
    }

    private void answered(Load asked, SourceState source, List<TreeAnswer> answers, @Nullable Throwable failure) {
        asked.owing.remove(source);
        if (failure != null) {
            outcome.ended(source, sourceException(failure));
        } else if (isWanted(asked)) {
            accept(asked, source, answers);
        }
        if (isWanted(asked) && asked.owing.isEmpty()) {
            loads.remove(asked.window);
        }
        outcome.changed();
    }

    private boolean isWanted(Load asked) {
        return loads.get(asked.window) == asked;
    }

    private void accept(Load asked, SourceState source, List<TreeAnswer> answers) {
        List<Nodes> proven = prove(
                asked.window,
                asked.missing,
                answers.stream().map(TreeAnswer::joined).toList());
        if (proven != null) {
            loads.remove(asked.window);
            source.holder.party().wasHelpful();
            keep(proven);
        } else {
            outcome.lied(source, asked.window * VerifiedTree.WINDOW_GROUPS);
        }
    }

    private static SourceException sourceException(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof SourceException known) {
            return known;
        }
        SourceException broken = new SourceException(
                SourceException.Reason.UNREACHABLE,
                "the hash tree did not come: " + cause.getClass().getName());
        broken.initCause(cause);
        return broken;
    }

    /** Some nodes, and where in the outboard they are. */
    private record Nodes(long offset, ByteBuffer bytes) {}

    /**
     * Proves a window.
     *
     * @param stretches what was missing when it was asked for; what was proven since is left out
     * @return what was proven; null where the nodes are not those of the blob
     */
    private @Nullable List<Nodes> prove(long window, List<Stretch> stretches, List<ByteBuffer> given) {
        for (int i = 0; i < stretches.size(); i++) {
            if (given.get(i).remaining() != stretches.get(i).length()) {
                return null;
            }
        }
        List<Nodes> nodes = tree.missing(window).stream()
                .map(missing -> cut(missing, stretches, given))
                .toList();
        try {
            tree.prove(window, nodes.stream().map(Nodes::bytes).toList());
        } catch (AuthenticationException forged) {
            return null;
        }
        provable = provable.plus(groupsOf(window));
        proven.addLast(window);
        if (proven.size() > MOST_WINDOWS) {
            long oldest = proven.removeFirst();
            tree.forget(oldest);
            provable = provable.minus(groupsOf(oldest));
        }
        storeTried.remove(window);
        return nodes;
    }

    /** A stretch that lies within one of those given. */
    private static Nodes cut(Stretch wanted, List<Stretch> stretches, List<ByteBuffer> given) {
        int i = 0;
        while (wanted.offset() >= stretches.get(i).offset() + stretches.get(i).length()) {
            i++;
        }
        ByteBuffer bytes = given.get(i);
        int from = bytes.position() + (int) (wanted.offset() - stretches.get(i).offset());
        return new Nodes(wanted.offset(), bytes.slice(from, wanted.length()));
    }

    private void keep(List<Nodes> proven) {
        loop.work(() -> {
            try {
                for (Nodes nodes : proven) {
                    stored.putTree(nodes.offset(), nodes.bytes());
                }
            } catch (IOException | RuntimeException | Error failure) {
                outcome.onLoop(() -> outcome.storeFailed(StoreFailures.of(failure)));
            }
        });
    }
}
