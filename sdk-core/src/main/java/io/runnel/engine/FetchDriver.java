package io.runnel.engine;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.tree.TreeShape;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchSettings;
import io.runnel.fetch.OriginUse;
import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
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
 * ({@link SourceTable}), what is proven ({@link TreeLoader}) and what is under way ({@link Transfers}): after every change
 * it makes one new plan and carries it out. Everything here happens on the engine loop.
 */
final class FetchDriver {
    private static final Logger LOG = LoggerFactory.getLogger(FetchDriver.class);
    private static final GroupRange HEAD = new GroupRange(0, 1);
    private static final Duration TICK = Duration.ofMillis(100);

    private final BlobId id;
    private final StoredBlob stored;
    private final FetchSettings settings;
    private final EngineLoop loop;
    private final Announcer announcer;
    private final TotalsMeter meter;
    private final TreeShape shape;
    private final SharedView shared;
    private final Transfers transfers;
    private final TreeLoader trees;
    private final SourceTable sources = new SourceTable();
    private final HeldWaiters waiters = new HeldWaiters();
    private final List<BlobReader> readers = new ArrayList<>();
    private final List<SharedBlob.Subscription> attached = new ArrayList<>();
    private final long startNanos = System.nanoTime();

    /** Whether readers cannot decrypt yet because nobody has read the nonce in group 0. */
    private final BooleanSupplier headNeeded;

    private long progressNanos = startNanos;
    private boolean peersMayCome;
    private boolean planDue;
    private boolean ended;

    FetchDriver(
            BlobId id,
            StoredBlob stored,
            FetchSettings settings,
            EngineLoop loop,
            Announcer announcer,
            TotalsMeter meter,
            BooleanSupplier headNeeded) {
        this.id = id;
        this.stored = stored;
        this.settings = settings;
        this.loop = loop;
        this.announcer = announcer;
        this.meter = meter;
        this.headNeeded = headNeeded;
        this.shape = TreeShape.ofBlob(stored.sizeBytes());
        this.shared = new SharedView(id, stored, loop);
        Outcome outcome = new Outcome();
        this.transfers = new Transfers(loop, shape, stored, meter, outcome);
        this.trees = new TreeLoader(loop, id, shape, stored, settings.stallTimeout(), outcome);
    }

    /** Starts finding sources. */
    void start(List<SourceProvider> providers) {
        for (SourceProvider provider : providers) {
            peersMayCome |= provider.kind() == SourceInfo.Kind.PEER;
            attached.add(provider.attach(shared, new Hearing(provider)));
        }
        loop.later(TICK, this::tick);
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
        attached.forEach(SharedBlob.Subscription::close);
        waiters.failAll(why);
    }

    /** A reader waits for some groups, and will want those after them. */
    void want(BlobReader reader, GroupRange now, GroupRange later, CompletableFuture<@Nullable Void> done) {
        if (!readers.contains(reader)) {
            readers.add(reader);
        }
        long ahead = Math.max(now.end(), now.first() + settings.lookAheadBytes() / shape.groupBytes());
        reader.wanted = new GroupRange(now.first(), Math.min(later.end(), ahead));
        if (reader.mode() == ReadMode.STREAM || (reader.mode() == ReadMode.DOWNLOAD && reader.urgentEnd < 0)) {
            reader.urgentEnd = now.first() + settings.urgentBytes() / shape.groupBytes();
        }
        cancelUnwanted();
        sources.retryOrigin();
        waiters.add(reader, needsHead(reader) ? List.of(HEAD, now) : List.of(now), done, System.nanoTime());
        replan();
    }

    private boolean needsHead(BlobReader reader) {
        return reader.mode() != ReadMode.PREFETCH && headNeeded.getAsBoolean();
    }

    /** A reader wants nothing any more. */
    void readerClosed(BlobReader reader, FetchException why) {
        readers.remove(reader);
        waiters.fail(reader, why);
        cancelUnwanted();
    }

    /** Requests none of whose missing groups anybody wants any more are cancelled. */
    private void cancelUnwanted() {
        List<FetchPlanner.Demand> demands = demands();
        for (SourceState source : sources.all()) {
            for (ActiveTransfer transfer : List.copyOf(source.active)) {
                GroupRange missing = transfer.missing();
                if (demands.stream().noneMatch(demand -> overlap(demand.groups(), missing))) {
                    transfers.cancel(transfer);
                }
            }
        }
    }

    private static boolean overlap(GroupRange a, GroupRange b) {
        return a.first() < b.end() && b.first() < a.end();
    }

    /** Makes a new plan soon, once for all changes that are queued now. */
    private void replan() {
        if (!planDue && !ended) {
            planDue = true;
            loop.execute(this::plan);
        }
    }

    private void plan() {
        planDue = false;
        if (ended) {
            return;
        }
        GroupSet held = stored.held();
        waiters.wake(held);
        long now = System.nanoTime();
        List<FetchPlanner.Demand> demands = demands();
        for (FetchPlanner.Demand demand : demands) {
            boolean originAllowed =
                    originForAll(now) || demand.urgentEnd() > demand.groups().first();
            for (GroupRange run : GroupSet.of(demand.groups()).minus(held).runs()) {
                trees.want(run, window -> sources.forTree(window, originAllowed, System.nanoTime()));
            }
        }
        List<SourceState> usable = sources.usable(now);
        for (FetchPlanner.Assignment assignment : FetchPlanner.plan(view(demands, held, usable, now))) {
            SourceState source = usable.get(assignment.source());
            if (source.isOrigin()) {
                meter.originAsked(
                        originUse(assignment.groups(), demands),
                        assignment.groups().count());
            }
            transfers.start(source, assignment.groups());
        }
    }

    private OriginUse originUse(GroupRange groups, List<FetchPlanner.Demand> demands) {
        if (!peersMayCome) {
            return OriginUse.PEERS_OFF;
        }
        boolean urgent = demands.stream()
                .anyMatch(demand -> demand.groups().contains(groups.first()) && groups.first() < demand.urgentEnd());
        if (urgent) {
            return OriginUse.URGENT;
        }
        boolean peers = sources.all().stream().anyMatch(source -> !source.isOrigin() && !source.banned());
        return peers ? OriginUse.NO_PEER_HOLDS : OriginUse.NO_PEERS;
    }

    private List<FetchPlanner.Demand> demands() {
        List<FetchPlanner.Demand> demands = new ArrayList<>();
        for (BlobReader reader : readers) {
            if (needsHead(reader)) {
                demands.add(new FetchPlanner.Demand(HEAD, HEAD.end()));
            }
            demands.add(new FetchPlanner.Demand(reader.wanted, reader.urgentEnd));
        }
        return demands;
    }

    private FetchPlanner.View view(
            List<FetchPlanner.Demand> demands, GroupSet held, List<SourceState> usable, long now) {
        List<FetchPlanner.SourceView> views = new ArrayList<>();
        long outstanding = transfers.verifyingGroups();
        for (SourceState source : usable) {
            outstanding += source.outstandingGroups;
            views.add(new FetchPlanner.SourceView(
                    source.info().kind(),
                    source.source.available(),
                    source.outstandingGroups,
                    source.capacityGroups(),
                    source.groupsPerSecond()));
        }
        long budget = settings.inFlightBytes() / shape.groupBytes() - outstanding;
        return new FetchPlanner.View(
                demands,
                transfers.inFlight().union(held),
                trees.provable(),
                views,
                originForAll(now),
                Math.max(0, budget));
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
        for (SourceState source : sources.all()) {
            if (source.stalled(now, settings.stallTimeout().toNanos())) {
                transfers.cancelAll(source);
                source.penalise(
                        new SourceException(
                                SourceException.Reason.TIMED_OUT, source.info().id() + " stalled"),
                        now);
                noteOriginFailure(source);
            }
        }
        if (!waiters.isEmpty()) {
            long quietSince = Math.max(progressNanos - startNanos, waiters.oldestNanos() - startNanos) + startNanos;
            boolean quiet = now - quietSince > settings.noProgressTimeout().toNanos();
            if (quiet || (originForAll(now) && sources.hopeless())) {
                waiters.failAll(Diagnosis.of(id, sources));
            }
        }
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
            if (from.isOrigin()) {
                sources.originDelivered();
            }
            shared.heldChanged();
            announcer.verified(id, groups, from.info());
        }

        @Override
        public void lied(SourceState from, long group) {
            from.strikes++;
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

        Hearing(SourceProvider provider) {
            this.provider = provider;
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
            onLoop(FetchDriver.this::replan);
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
        public void misbehaved(SourceInfo source, String what) {
            onLoop(() -> sources.all().stream()
                    .filter(state -> state.info().equals(source))
                    .forEach(state -> {
                        state.strikes++;
                        drop(state, what);
                    }));
        }
    }
}
