package io.runnel.engine;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.tree.TreeShape;
import io.runnel.engine.plan.AskReason;
import io.runnel.engine.plan.BlobPlan;
import io.runnel.engine.plan.Demand;
import io.runnel.engine.plan.Request;
import io.runnel.engine.plan.Step;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchSettings;
import io.runnel.fetch.OriginUse;
import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.Seat;
import io.runnel.source.SharedBlob;
import io.runnel.source.SourceException;
import io.runnel.source.SourceInfo;
import io.runnel.source.SourceProvider;
import io.runnel.store.StoredBlob;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives the fetch of one blob. It brings together who wants what ({@link BlobReader}), who has what
 * ({@link SourceTable}), what is proven ({@link TreeLoader}) and what is under way ({@link Transfers}): it tells the
 * planner of every change, and carries out what was planned. Everything here happens on the engine loop.
 */
final class FetchDriver implements Planning.Planned {
    private static final Logger LOG = LoggerFactory.getLogger(FetchDriver.class);
    private static final GroupRange HEAD = new GroupRange(0, 1);
    /** Group 0 is due at once, whatever this is. */
    private static final double HEAD_PACE = 64;

    private static final Duration TICK = Duration.ofMillis(100);

    private final BlobId id;
    private final StoredBlob stored;
    private final FetchSettings settings;
    private final EngineLoop loop;
    private final Planning planning;
    private final Announcer announcer;
    private final TotalsMeter meter;
    private final TreeShape shape;
    private final SharedView shared;
    private final Transfers transfers;
    private final TreeLoader trees;
    private final BlobPlan plan;
    private final SourceTable sources;
    private final HeldWaiters waiters = new HeldWaiters();
    private final List<BlobReader> readers = new ArrayList<>();
    private final List<Hearing> hearings = new ArrayList<>();
    private final List<SharedBlob.Subscription> attached = new ArrayList<>();
    private final long startNanos = System.nanoTime();

    /** Whether readers cannot decrypt yet because nobody has read the nonce in group 0. */
    private final BooleanSupplier headNeeded;

    private long progressNanos = startNanos;

    /** How many handles seed. */
    private int seeders;

    private boolean peersMayCome;

    /** Whether this member may have to bring groups into the swarm, for which it needs their hashes. */
    private boolean seated;

    private boolean ended;

    FetchDriver(
            BlobId id,
            StoredBlob stored,
            FetchSettings settings,
            EngineLoop loop,
            Planning planning,
            Announcer announcer,
            TotalsMeter meter,
            BooleanSupplier headNeeded) {
        this.id = id;
        this.stored = stored;
        this.settings = settings;
        this.loop = loop;
        this.planning = planning;
        this.announcer = announcer;
        this.meter = meter;
        this.headNeeded = headNeeded;
        this.shape = TreeShape.ofBlob(stored.sizeBytes());
        this.shared = new SharedView(id, stored, loop);
        Outcome outcome = new Outcome();
        this.plan = planning.machine().open(seed(id), true, startNanos);
        this.sources = new SourceTable(planning.machine(), plan);
        this.transfers = new Transfers(loop, shape, plan, stored, meter, outcome);
        this.trees = new TreeLoader(loop, id, shape, stored, settings.stallTimeout(), outcome);
    }

    /** What all who have the blob derive from its id alike. */
    private static long seed(BlobId id) {
        return Long.parseUnsignedLong(id.toString().substring(0, 16), 16);
    }

    /** Starts finding sources. */
    void start(List<SourceProvider> providers) {
        planning.add(plan, this);
        for (SourceProvider provider : providers) {
            Hearing hearing = new Hearing(provider);
            hearings.add(hearing);
            attached.add(provider.attach(shared, hearing));
        }
        reckonWithPeers();
        loop.later(TICK, this::tick);
    }

    private void reckonWithPeers() {
        peersMayCome = hearings.stream().anyMatch(Hearing::peersMayCome);
        plan.peersMayCome(peersMayCome);
    }

    /** From any thread: runs a task on the loop, unless the fetch has ended by then. */
    private void onLoop(Runnable task) {
        loop.execute(() -> {
            if (!ended) {
                task.run();
            }
        });
    }

    /** Stops everything; who waits fails with the reason. */
    void end(FetchException why) {
        ended = true;
        List.copyOf(readers).forEach(BlobReader::close);
        sources.all().forEach(transfers::cancelAll);
        planning.remove(plan);
        attached.forEach(SharedBlob.Subscription::close);
        waiters.failAll(why);
    }

    /** A reader waits for some groups, and will want those after them. */
    void want(BlobReader reader, GroupRange now, GroupRange later, CompletableFuture<@Nullable Void> done) {
        if (!readers.contains(reader)) {
            readers.add(reader);
            share();
        }
        long ahead = Math.max(now.end(), now.first() + settings.lookAheadBytes() / shape.groupBytes());
        reader.wanted = new GroupRange(now.first(), Math.min(later.end(), ahead));
        if (reader.mode() != ReadMode.PREFETCH) {
            reader.pin.move(reader.wanted);
        }
        if (reader.urgentEnd < 0) {
            reader.urgentEnd = now.first() + settings.urgentBytes() / shape.groupBytes();
        }
        sources.retryOrigin();
        waiters.add(reader, needsHead(reader) ? List.of(HEAD, now) : List.of(now), done, System.nanoTime());
        replan();
    }

    private boolean needsHead(BlobReader reader) {
        return reader.mode() != ReadMode.PREFETCH && headNeeded.getAsBoolean();
    }

    /** A reader wants nothing any more. The next plan cancels what nobody else wants. */
    void readerClosed(BlobReader reader, FetchException why) {
        readers.remove(reader);
        waiters.fail(reader, why);
        replan();
    }

    /** One handle more seeds, or one less. */
    void seeds(boolean more) {
        seeders += more ? 1 : -1;
        share();
    }

    private void share() {
        shared.used(seeders > 0 || !readers.isEmpty());
    }

    private void replan() {
        if (!ended) {
            planning.replan();
        }
    }

    @Override
    public void describe(long now) {
        GroupSet held = stored.held();
        waiters.wake(held.minus(transfers.uncounted()));
        List<Demand> demands = demands(now);
        for (Demand demand : demands) {
            boolean originAllowed = originForAll(now) || seated || demand.priority() == Demand.Priority.READER;
            for (GroupRange run : GroupSet.of(demand.groups()).minus(held).runs()) {
                trees.want(run, window -> sources.forTree(window, originAllowed, System.nanoTime()));
            }
        }
        plan.held(held);
        plan.provable(trees.provable());
        plan.demands(demands);
    }

    @Override
    public void carryOut(Step step) {
        SourceState source = sources.of(step.request().holder());
        if (source == null || ended) {
            return;
        }
        ActiveTransfer transfer = source.of(step.request());
        switch (step.kind()) {
            case ASK -> ask(source, step.request());
            case CANCEL -> cancel(transfer);
            case GIVE_UP -> {
                cancel(transfer);
                source.lastFailure = new SourceException(
                        SourceException.Reason.TIMED_OUT, source.info().id() + " stalled");
                noteOriginFailure(source);
            }
        }
    }

    private void ask(SourceState source, Request request) {
        if (source.isOrigin()) {
            meter.originAsked(originUse(request.reason()), request.groups().count());
        }
        transfers.start(source, request);
    }

    private OriginUse originUse(AskReason reason) {
        if (!peersMayCome) {
            return OriginUse.PEERS_OFF;
        }
        return switch (reason) {
            case STARTUP, URGENT -> OriginUse.URGENT;
            case ELECTED -> OriginUse.ELECTED_SEED;
            case NO_PEER_HOLDS, PEER -> OriginUse.NO_PEER_HOLDS;
            case NO_PEERS -> OriginUse.NO_PEERS;
            case PEERS_SLOW -> OriginUse.PEERS_SLOW;
            case HEDGE -> OriginUse.HEDGE;
        };
    }

    private void cancel(@Nullable ActiveTransfer transfer) {
        if (transfer != null) {
            transfers.cancel(transfer);
        }
    }

    private List<Demand> demands(long now) {
        List<Demand> demands = new ArrayList<>();
        for (BlobReader reader : readers) {
            if (needsHead(reader)) {
                demands.add(new Demand(HEAD, Demand.Priority.READER, now, HEAD_PACE));
            }
            demands.addAll(reader.demands(now, settings.urgentBytes() / shape.groupBytes()));
        }
        return demands;
    }

    private boolean originForAll(long now) {
        return !peersMayCome || now - startNanos > settings.peerWait().toNanos();
    }

    /** Finds stalls and timeouts. */
    private void tick() {
        if (ended) {
            return;
        }
        long now = System.nanoTime();
        if (!waiters.isEmpty()) {
            long quietSince = Math.max(progressNanos - startNanos, waiters.oldestNanos() - startNanos) + startNanos;
            boolean quiet = now - quietSince > settings.noProgressTimeout().toNanos();
            if (quiet || (originForAll(now) && sources.hopeless())) {
                waiters.failAll(Diagnosis.of(id, sources));
            }
        }
        share();
        replan();
        loop.later(TICK, this::tick);
    }

    private void noteOriginFailure(SourceState source) {
        SourceException failure = source.lastFailure;
        if (source.isOrigin() && failure != null) {
            sources.originFailed(failure);
        }
    }

    private void drop(SourceState source, String what) {
        sources.ban(source);
        transfers.cancelAll(source);
        announcer.rejected(id, source.info(), what);
    }

    /** What becomes of what was asked for. All on the loop. */
    private final class Outcome implements Transfers.Outcome {
        @Override
        public void stored(SourceState from, GroupRange groups) {
            progressNanos = System.nanoTime();
            shared.heldChanged();
            announcer.verified(id, groups, from.info());
        }

        @Override
        public void delivered(SourceState from) {
            if (from.isOrigin()) {
                sources.originDelivered();
            }
        }

        @Override
        public void lied(SourceState from, long group) {
            from.holder.lied();
            String what = "delivered bytes that are not the blob's, from group " + group;
            from.penalise(new SourceException(SourceException.Reason.PROTOCOL, what), System.nanoTime());
            noteOriginFailure(from);
            LOG.debug("{} lied about blob {}", from.info().id(), id);
            if (from.banned()) {
                drop(from, what);
            } else {
                announcer.rejected(id, from.info(), what);
            }
        }

        @Override
        public void ended(SourceState from, SourceException failure) {
            if (failure.reason() != SourceException.Reason.CLOSED) {
                from.penalise(failure, System.nanoTime());
                noteOriginFailure(from);
                LOG.debug("{} failed for blob {}: {}", from.info().id(), id, failure.getMessage());
            }
        }

        @Override
        public void storeFailed(IOException failure) {
            waiters.failAll(new FetchException(
                    FetchException.Reason.STORE_FAILED,
                    "the store could not keep blob " + id + ": " + failure.getMessage() + "; check the disk",
                    failure));
        }

        @Override
        public void changed() {
            replan();
        }

        @Override
        public void onLoop(Runnable task) {
            FetchDriver.this.onLoop(task);
        }

        @Override
        public byte @Nullable [] hashes(GroupRange groups) {
            return trees.hashes(groups);
        }
    }

    /** Hops from a provider's threads to the loop. */
    private final class Hearing implements SourceProvider.Listener {
        private final SourceProvider provider;

        /** Owned by the loop. */
        private boolean mayCome = true;

        Hearing(SourceProvider provider) {
            this.provider = provider;
        }

        boolean peersMayCome() {
            return mayCome && provider.kind() == SourceInfo.Kind.PEER;
        }

        @Override
        public void sourcesMayCome(boolean may) {
            onLoop(() -> {
                mayCome = may;
                reckonWithPeers();
                replan();
            });
        }

        @Override
        public void joined(BlobSource source) {
            onLoop(() -> {
                SourceState state = sources.join(source, provider);
                if (state != null) {
                    meter.joined(source);
                    announcer.joined(id, state.info());
                    replan();
                }
            });
        }

        @Override
        public void availabilityChanged(BlobSource source) {
            onLoop(() -> {
                sources.availabilityChanged(source);
                replan();
            });
        }

        @Override
        public void left(BlobSource source) {
            onLoop(() -> {
                meter.left(source);
                SourceState state = sources.leave(source);
                if (state != null) {
                    transfers.cancelAll(state);
                    announcer.left(id, state.info());
                    replan();
                }
            });
        }

        @Override
        public void seated(Seat seat) {
            onLoop(() -> {
                plan.seat(seat);
                seated = seat.index() >= 0;
                replan();
            });
        }

        @Override
        public void misbehaved(SourceInfo source, String what) {
            onLoop(() -> sources.all().stream()
                    .filter(state -> state.info().equals(source))
                    .forEach(state -> {
                        state.holder.lied();
                        drop(state, what);
                    }));
        }
    }
}
