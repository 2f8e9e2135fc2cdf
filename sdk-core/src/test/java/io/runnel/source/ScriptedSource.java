package io.runnel.source;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A source in memory that delivers from its own thread, and misbehaves where it is told to. */
public final class ScriptedSource implements BlobSource {
    /** Groups delivered in one piece. */
    private static final int PIECE_GROUPS = 8;

    /** How it behaves. */
    public static final class Script {
        private GroupSet available = GroupSet.empty();
        private long lieAtGroup = -1;
        private boolean liesAlways;
        private PeerPath path = PeerPath.UNKNOWN;
        private boolean lieInTree;
        private long muteAfterTrees = Long.MAX_VALUE;
        private boolean withholdsTrees;
        private long treeRate = Long.MAX_VALUE;
        private long muteAfterGroups = Long.MAX_VALUE;
        private SourceException.@Nullable Reason failWith;
        private long failAfterGroups;
        private Duration retryAfter = Duration.ZERO;
        private long muteFromGroup = Long.MAX_VALUE;

        /** Of one that holds all of a blob. */
        public static Script all(TestBlob blob) {
            return new Script().holds(GroupSet.all(blob.groups()));
        }

        /** What it says it holds. */
        public Script holds(GroupSet groups) {
            available = groups;
            return this;
        }

        /** How it says its connection runs. */
        public Script path(PeerPath peerPath) {
            path = peerPath;
            return this;
        }

        /** Flips a byte of this group. */
        public Script liesAt(long group) {
            lieAtGroup = group;
            return this;
        }

        /** Flips a byte of every group. */
        public Script liesAlways() {
            liesAlways = true;
            return this;
        }

        /** Flips a byte of each tree. */
        public Script liesInTree() {
            lieInTree = true;
            return this;
        }

        /** Answers no more than that many requests for a tree, and all for groups. */
        public Script muteAfterTrees(long trees) {
            muteAfterTrees = trees;
            return this;
        }

        /** Answers no request for a tree before {@link #heal}. */
        public Script withholdsTrees() {
            withholdsTrees = true;
            return this;
        }

        /** Brings trees one after the other, each at this rate. */
        public Script treeBytesPerSecond(long rate) {
            treeRate = rate;
            return this;
        }

        /** Answers nothing any more once it has delivered that many groups. */
        public Script muteAfter(long groups) {
            muteAfterGroups = groups;
            return this;
        }

        /** Says nothing where it is asked for this group or one after it, as long as {@link #heal} is not called. */
        public Script muteFrom(long group) {
            muteFromGroup = group;
            return this;
        }

        /** How long it asks to be left alone where it fails. */
        public Script retryAfter(Duration wait) {
            retryAfter = wait;
            return this;
        }

        /** Fails every fetch and tree once it has delivered that many groups. */
        public Script failsAfter(long groups, SourceException.Reason reason) {
            failAfterGroups = groups;
            failWith = reason;
            return this;
        }
    }

    private final SourceInfo info;
    private final TestBlob blob;
    private final Script script;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "scripted-source");
        made.setDaemon(true);
        return made;
    });
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong askedTrees = new AtomicLong();
    private final AtomicLong underWay = new AtomicLong();
    private volatile boolean healed;

    /** When the trees that it was asked for are there. Owned by the thread. */
    private long treesUntilNanos = System.nanoTime();

    /** Answers that are withheld. Owned by the thread. */
    private final List<Runnable> withheld = new ArrayList<>();

    /** A source with this name and script. */
    public ScriptedSource(SourceInfo info, TestBlob blob, Script script) {
        this.info = info;
        this.blob = blob;
        this.script = script;
    }

    /** Ends it: what is under way and comes later fails with CLOSED. */
    public void close() {
        closed.set(true);
    }

    /** Groups it has delivered so far. */
    public long delivered() {
        return delivered.get();
    }

    /** Requests it got so far, for groups and for trees. */
    public long asked() {
        return asked.get();
    }

    /** Fetches that have not ended, among them those that are mute. */
    public long underWay() {
        return underWay.get();
    }

    /** Ends what the script says of failing, of groups it is mute on, and of trees it withholds. */
    public void heal() {
        healed = true;
        thread.execute(() -> {
            withheld.forEach(Runnable::run);
            withheld.clear();
        });
    }

    @Override
    public SourceInfo info() {
        return info;
    }

    @Override
    public GroupSet available() {
        return script.available;
    }

    @Override
    public PeerPath path() {
        return script.path;
    }

    @Override
    public CompletableFuture<ByteBuffer> tree(long offset, int length) {
        if (offset % 64 != 0 || length % 64 != 0 || length <= 0 || length > MAX_TREE_BYTES) {
            throw new IllegalArgumentException("crooked stretch");
        }
        asked.incrementAndGet();
        boolean mute = askedTrees.incrementAndGet() > script.muteAfterTrees;
        CompletableFuture<ByteBuffer> result = new CompletableFuture<>();
        thread.execute(() -> {
            SourceException failure = failure();
            if (failure != null) {
                result.completeExceptionally(failure);
            } else if (!mute && delivered.get() < script.muteAfterGroups) {
                byte[] nodes = Arrays.copyOfRange(blob.outboard(), (int) offset, (int) offset + length);
                if (script.lieInTree) {
                    nodes[nodes.length / 2] ^= 1;
                }
                if (script.treeRate < Long.MAX_VALUE) {
                    long now = System.nanoTime();
                    treesUntilNanos = Math.max(now, treesUntilNanos) + length * 1_000_000_000L / script.treeRate;
                    ScheduledFuture<?> unused = thread.schedule(
                            () -> result.complete(ByteBuffer.wrap(nodes)), treesUntilNanos - now, TimeUnit.NANOSECONDS);
                } else if (script.withholdsTrees && !healed) {
                    withheld.add(() -> result.complete(ByteBuffer.wrap(nodes)));
                } else {
                    result.complete(ByteBuffer.wrap(nodes));
                }
            }
        });
        return result;
    }

    private @Nullable SourceException failure() {
        if (closed.get()) {
            return new SourceException(SourceException.Reason.CLOSED, "closed");
        }
        SourceException.Reason reason = script.failWith;
        return reason == null || healed || delivered.get() < script.failAfterGroups
                ? null
                : new SourceException(reason, "scripted to fail", script.retryAfter);
    }

    @Override
    public Transfer fetch(GroupRange groups, GroupReceiver receiver) {
        if (groups.isEmpty() || groups.end() > blob.groups()) {
            throw new IllegalArgumentException("groups beyond the blob");
        }
        asked.incrementAndGet();
        underWay.incrementAndGet();
        AtomicBoolean cancelled = new AtomicBoolean();
        thread.execute(() -> deliver(groups, groups.first(), receiver, cancelled));
        return () -> cancelled.set(true);
    }

    private void deliver(GroupRange groups, long from, GroupReceiver receiver, AtomicBoolean cancelled) {
        SourceException failure =
                cancelled.get() ? new SourceException(SourceException.Reason.CLOSED, "cancelled") : failure();
        if (failure != null) {
            underWay.decrementAndGet();
            receiver.failed(failure);
            return;
        }
        if (from == groups.end()) {
            underWay.decrementAndGet();
            receiver.completed();
            return;
        }
        if (delivered.get() >= script.muteAfterGroups || (from >= script.muteFromGroup && !healed)) {
            // Says nothing, but still ends when it is cancelled or closed, as the contract asks.
            ScheduledFuture<?> unused =
                    thread.schedule(() -> deliver(groups, from, receiver, cancelled), 5, TimeUnit.MILLISECONDS);
            return;
        }
        GroupRange piece = new GroupRange(from, Math.min(groups.end(), from + PIECE_GROUPS));
        byte[] bytes = blob.groups(piece);
        for (long group = piece.first(); group < piece.end(); group++) {
            if (group == script.lieAtGroup || script.liesAlways) {
                bytes[(int) (group - from) * TestBlob.GROUP_BYTES] ^= 1;
            }
        }
        delivered.addAndGet(piece.count());
        receiver.received(from, ByteBuffer.wrap(bytes));
        thread.execute(() -> deliver(groups, piece.end(), receiver, cancelled));
    }
}
