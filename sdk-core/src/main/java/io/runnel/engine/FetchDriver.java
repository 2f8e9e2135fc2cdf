package io.runnel.engine;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.tree.TreeShape;
import io.runnel.engine.plan.AskReason;
import io.runnel.engine.plan.BlobPlan;
import io.runnel.engine.plan.Demand;
import io.runnel.engine.plan.PlanRules;
import io.runnel.engine.plan.Request;
import io.runnel.engine.plan.Step;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchSettings;
import io.runnel.fetch.OriginUse;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceException;
import io.runnel.source.SourceProvider;
import io.runnel.store.StoredBlob;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Drives the fetch of one blob. It brings together who wants what ({@link BlobReader}), who has what
 * ({@link Suppliers}), what is proven ({@link TreeLoader}) and what is under way ({@link Transfers}): it tells the
 * planner of every change, and carries out what was planned. Everything here happens on the engine loop.
 */
final class FetchDriver implements Planning.Planned {
    private static final GroupRange HEAD = new GroupRange(0, 1);
    /** Group 0 is due at once, whatever this is. */
    private static final double HEAD_PACE = 64;

    /** The look-ahead moves on by this, lest many small requests be made at its end. */
    private static final long AHEAD_STEP_GROUPS = 32;

    private static final Duration TICK = Duration.ofMillis(100);

    private final OpenBlob blob;
    private final FetchSettings settings;
    private final EngineLoop loop;
    private final Planning planning;
    private final Announcer announcer;
    private final TreeShape shape;
    private final SharedView shared;
    private final Transfers transfers;
    private final TreeLoader trees;
    private final PlanRules rules;
    private final BlobPlan plan;
    private final Suppliers suppliers;
    private final SourceTable sources;
    private final HeldWaiters waiters = new HeldWaiters();
    private final List<BlobReader> readers = new ArrayList<>();
    private final long startNanos = System.nanoTime();

    /** Keeps group 0 while a reader cannot decrypt without it. */
    private final StoredBlob.Pin headPin;

    private long progressNanos = startNanos;

    /** How many handles seed. */
    private int seeders;

    /** Whether the store refused what was to be kept, and no reader has wanted anything since. */
    private boolean storeFailed;

    private boolean ended;

    FetchDriver(OpenBlob blob, EngineParts engine) {
        this.blob = blob;
        this.settings = engine.settings();
        this.loop = engine.loop();
        this.planning = engine.planning();
        this.announcer = engine.announcer();
        this.shape = blob.shape();
        this.headPin = blob.stored().pin(new GroupRange(0, 0));
        this.shared = new SharedView(blob.id(), blob.stored(), loop);
        Outcome outcome = new Outcome();
        this.rules = planning.rules();
        this.plan = planning.machine().open(seed(blob.id()), true, startNanos);
        this.transfers = new Transfers(blob, loop, plan, outcome);
        this.suppliers = new Suppliers(blob, engine, plan, transfers, outcome);
        this.sources = suppliers.table();
        this.trees = new TreeLoader(blob, loop, settings.stallTimeout(), outcome);
    }

    /** What all who have the blob derive from its id alike. */
    private static long seed(BlobId id) {
        return Long.parseUnsignedLong(id.toString().substring(0, 16), 16);
    }

    /** Starts finding sources. */
    void start(List<SourceProvider> providers) {
        planning.add(plan, this);
        suppliers.attach(providers, shared);
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
        suppliers.detach();
        planning.remove(plan);
        waiters.failAll(why);
    }

    /** A reader waits for some groups, and will want those after them. */
    void want(BlobReader reader, GroupRange now, GroupRange later, CompletableFuture<@Nullable Void> done) {
        if (!readers.contains(reader)) {
            readers.add(reader);
            share();
        }
        long limit = now.first() + settings.lookAheadBytes() / shape.groupBytes();
        long ahead = Math.max(now.end(), limit - limit % AHEAD_STEP_GROUPS);
        long nanos = System.nanoTime();
        reader.reach.want(now, Math.min(later.end(), ahead), done, nanos);
        if (reader.urgentEnd < 0) {
            reader.urgentEnd = now.first() + settings.urgentBytes() / shape.groupBytes();
        }
        storeFailed = false;
        sources.retryOrigin(settings.noProgressTimeout(), nanos);
        waiters.add(reader, now, done, nanos);
        replan();
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
    public List<Reach> reaches() {
        return readers.stream().map(reader -> reader.reach).toList();
    }

    @Override
    public void describe(long now) {
        headPin.move(readers.stream().anyMatch(this::wantsHead) ? HEAD : new GroupRange(0, 0));
        GroupSet held = blob.stored().held();
        waiters.wake(held.minus(transfers.uncounted()));
        // What cannot be kept would be fetched again and again, for readers that have been told.
        List<Demand> demands = storeFailed ? List.of() : demands(now);
        trees.demanded(GroupSet.of(demands.stream().map(Demand::groups).toList()));
        for (Demand demand : demands) {
            boolean originAllowed = demand.dated() || suppliers.seated() || plan.peersHadTime(now, rules);
            long patience = demand.dated() ? rules.safetyNanos() : rules.silenceNanos();
            for (GroupRange run : GroupSet.of(demand.groups()).minus(held).runs()) {
                trees.want(run, now, patience, (window, asked) -> sources.forTree(window, originAllowed, asked, now));
            }
        }
        plan.held(held);
        plan.provable(trees.provable());
        plan.demands(demands);
    }

    @Override
    public void paused(long fromNanos, long nowNanos) {
        progressNanos += Math.min(nowNanos - fromNanos, nowNanos - progressNanos);
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
                suppliers.stalled(source);
            }
        }
    }

    private void ask(SourceState source, Request request) {
        if (source.isOrigin()) {
            blob.meter()
                    .originAsked(originUse(request.reason()), request.groups().count());
        }
        transfers.start(source, request);
    }

    private OriginUse originUse(AskReason reason) {
        return suppliers.peersMayCome() ? reason.originUse() : OriginUse.PEERS_OFF;
    }

    private void cancel(@Nullable ActiveTransfer transfer) {
        if (transfer != null) {
            transfers.cancel(transfer);
        }
    }

    private boolean wantsHead(BlobReader reader) {
        return reader.reach.needsHead() && !reader.reach.wanted().isEmpty();
    }

    private List<Demand> demands(long now) {
        List<Demand> demands = new ArrayList<>();
        for (BlobReader reader : readers) {
            if (wantsHead(reader)) {
                demands.add(new Demand(HEAD, Demand.Priority.READER, now, HEAD_PACE));
            }
            demands.addAll(reader.demands(now, settings.urgentBytes() / shape.groupBytes()));
        }
        return demands;
    }

    /** Finds stalls and timeouts. */
    private void tick() {
        if (ended) {
            return;
        }
        // First, so that it goes on whatever the rest throws.
        loop.later(TICK, this::tick);
        long now = System.nanoTime();
        planning.runs(now);
        if (plan.yields(now)) {
            // Its turn comes as long as others get on.
            progressNanos = planning.progressNanos();
        }
        // Its time begins with its turn.
        readers.stream().filter(reader -> reader.reach.turnedAway()).forEach(reader -> waiters.restart(reader, now));
        if (!waiters.isEmpty()) {
            long tooLong = now - settings.noProgressTimeout().toNanos();
            if (plan.peerWaitOver(now, rules) && sources.hopeless(settings.noProgressTimeout(), now)) {
                waiters.failAll(Diagnosis.of(blob.id(), sources));
            } else if (progressNanos - tooLong < 0) {
                waiters.failSince(tooLong, Diagnosis.of(blob.id(), sources));
            }
        }
        share();
        replan();
    }

    /** What becomes of what was asked for. All on the loop. */
    private final class Outcome implements Transfers.Outcome {
        @Override
        public void stored(SourceState from, GroupRange groups) {
            progressNanos = System.nanoTime();
            planning.progressed(progressNanos);
            shared.heldChanged();
            announcer.verified(blob.id(), groups, from.info());
        }

        @Override
        public void delivered(SourceState from) {
            from.failure = null;
        }

        @Override
        public void lied(SourceState from, long group) {
            suppliers.lied(from, "delivered bytes that are not the blob's, from group " + group);
        }

        @Override
        public void ended(SourceState from, SourceException failure) {
            if (failure.reason() != SourceException.Reason.CLOSED) {
                suppliers.failed(from, failure);
            }
        }

        @Override
        public void storeFailed(IOException failure) {
            storeFailed = true;
            waiters.failAll(new FetchException(
                    FetchException.Reason.STORE_FAILED,
                    "the store could not keep blob " + blob.id() + ": " + failure.getMessage() + "; check the disk",
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
}
