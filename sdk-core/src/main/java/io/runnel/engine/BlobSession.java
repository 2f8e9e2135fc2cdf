package io.runnel.engine;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.cipher.RangeCipher;
import io.runnel.crypto.tree.TreeShape;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchSettings;
import io.runnel.fetch.FetchTotals;
import io.runnel.keys.BlobGrant;
import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SharedBlob;
import io.runnel.source.SourceException;
import io.runnel.source.SourceInfo;
import io.runnel.source.SourceProvider;
import io.runnel.store.StoredBlob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open blob. It brings together who wants what ({@link BlobReader}), who has what ({@link SourceTable}), what is
 * proven ({@link TreeLoader}) and what is under way ({@link Transfers}): after every change it makes one new plan and
 * carries it out. All state belongs to the engine loop, save where a method says otherwise.
 */
public final class BlobSession {
    private static final Logger LOG = LoggerFactory.getLogger(BlobSession.class);
    private static final Duration TICK = Duration.ofMillis(100);

    private final BlobId id;
    private final BlobGrant grant;
    private final StoredBlob stored;
    private final FetchSettings settings;
    private final EngineLoop loop;
    private final Announcer announcer;
    private final Runnable onEnd;
    private final TreeShape shape;
    private final TotalsMeter meter;
    private final SharedView shared;
    private final Transfers transfers;
    private final TreeLoader trees;
    private final SourceTable sources = new SourceTable();
    private final HeldWaiters waiters = new HeldWaiters();
    private final List<BlobReader> readers = new ArrayList<>();
    private final List<SharedBlob.Subscription> attached = new ArrayList<>();
    private final long startNanos = System.nanoTime();
    private long progressNanos = startNanos;
    private boolean peersMayCome;
    private boolean planDue;
    private int openings = 1;

    /** Written by the loop; read anywhere. */
    private volatile @Nullable FetchException ended;

    /** Read from group 0 once it is held; written and read anywhere. */
    private volatile byte @Nullable [] nonce;

    BlobSession(
            BlobId id,
            BlobGrant grant,
            StoredBlob stored,
            FetchSettings settings,
            EngineLoop loop,
            Announcer announcer,
            TotalsMeter meter,
            Runnable onEnd) {
        this.id = id;
        this.grant = grant;
        this.stored = stored;
        this.settings = settings;
        this.loop = loop;
        this.announcer = announcer;
        this.meter = meter;
        this.onEnd = onEnd;
        this.shape = TreeShape.ofBlob(grant.sizeBytes());
        this.shared = new SharedView(id, stored, loop);
        SessionOutcome outcome = new SessionOutcome();
        this.transfers = new Transfers(loop, shape, stored, meter, outcome);
        this.trees = new TreeLoader(loop, id, shape, stored, settings.stallTimeout(), outcome);
    }

    /** On the loop: starts finding sources. */
    void start(List<SourceProvider> providers) {
        meter.fromStore(heldBytes());
        announcer.announce(listener -> listener.started(id, plaintextBytes()));
        for (SourceProvider provider : providers) {
            peersMayCome |= provider.kind() == SourceInfo.Kind.PEER;
            attached.add(provider.attach(shared, new Hearing(provider)));
        }
        loop.later(TICK, this::tick);
    }

    private long heldBytes() {
        return stored.held().runs().stream().mapToLong(transfers::bytesOf).sum();
    }

    /** The blob's name. Any thread. */
    public BlobId id() {
        return id;
    }

    /** Length of the plaintext in bytes. Any thread. */
    public long plaintextBytes() {
        return grant.sizeBytes() - BlobReader.NONCE_BYTES - 16;
    }

    /** What was done so far. Any thread. */
    public FetchTotals totals() {
        return meter.totals(System.nanoTime());
    }

    /** Runs short tasks that may block on the store; rejects them once the client is closed. Any thread. */
    public Executor workers() {
        return task -> {
            if (!loop.work(task)) {
                throw new RejectedExecutionException("the client is closed");
            }
        };
    }

    /** A new reader. Any thread. */
    public BlobReader reader(ReadMode mode) {
        return new BlobReader(this, mode, shape);
    }

    /** On the loop: one more handle to this session. */
    void reopened() {
        openings++;
    }

    /** Gives one handle back; the last one ends the session. Any thread. */
    public void release() {
        loop.execute(() -> {
            openings--;
            if (openings == 0) {
                end(new FetchException(FetchException.Reason.CLOSED, "blob " + id + " was closed"));
            }
        });
    }

    /** Any thread: see {@link BlobReader#want}. */
    CompletableFuture<@Nullable Void> want(BlobReader reader, GroupRange now, GroupRange later) {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        FetchException failure = ended;
        if (failure != null) {
            done.completeExceptionally(failure);
            return done;
        }
        loop.execute(() -> {
            if (ended != null || reader.released) {
                done.completeExceptionally(closedFailure());
                return;
            }
            wish(reader, now, later);
            waiters.add(
                    reader,
                    nonce == null && reader.mode() != ReadMode.PREFETCH
                            ? List.of(new GroupRange(0, 1), now)
                            : List.of(now),
                    done,
                    System.nanoTime());
            replan();
        });
        return done;
    }

    private void wish(BlobReader reader, GroupRange now, GroupRange later) {
        if (!readers.contains(reader)) {
            readers.add(reader);
        }
        long ahead = Math.max(now.end(), now.first() + settings.lookAheadBytes() / shape.groupBytes());
        reader.wanted = new GroupRange(now.first(), Math.min(later.end(), ahead));
        long urgentGroups = settings.urgentBytes() / shape.groupBytes();
        if (reader.mode() == ReadMode.STREAM || (reader.mode() == ReadMode.DOWNLOAD && reader.urgentEnd < 0)) {
            reader.urgentEnd = now.first() + urgentGroups;
        }
    }

    /** Any thread. */
    void readerClosed(BlobReader reader) {
        loop.execute(() -> {
            reader.released = true;
            readers.remove(reader);
            waiters.fail(reader, closedFailure());
            dropUnwanted();
        });
    }

    /** Cancels requests none of whose missing groups anybody wants. */
    private void dropUnwanted() {
        for (SourceState source : sources.all()) {
            for (ActiveTransfer transfer : List.copyOf(source.active)) {
                GroupRange missing = transfer.missing();
                boolean wanted = readers.stream()
                        .anyMatch(reader ->
                                reader.wanted.first() < missing.end() && missing.first() < reader.wanted.end());
                if (!wanted) {
                    transfers.cancel(transfer);
                }
            }
        }
    }

    /** Any thread; blocks on the store. Null where not all of it is held. */
    @Nullable ByteBuffer readHeld(GroupRange groups) throws IOException {
        if (ended != null) {
            throw closedFailure();
        }
        ByteBuffer target = ByteBuffer.allocate((int) transfers.bytesOf(groups));
        return stored.readGroups(groups, target) ? target.flip() : null;
    }

    /** Any thread; may block on the store. Null where group 0 is not held. */
    byte @Nullable [] nonce() throws IOException {
        byte[] known = nonce;
        if (known == null) {
            ByteBuffer head = readHeld(new GroupRange(0, 1));
            if (head == null) {
                return null;
            }
            known = new byte[BlobReader.NONCE_BYTES];
            head.get(known);
            nonce = known;
        }
        return known;
    }

    /** Any thread: a cipher for a reader, who closes it. */
    RangeCipher cipher(byte[] nonceBytes) throws FetchException {
        try {
            return new RangeCipher(grant.key(), nonceBytes);
        } catch (IllegalStateException wiped) {
            throw closedFailure();
        }
    }

    /** Any thread: why nothing can be read any more. A new exception, so that the stack is the caller's. */
    FetchException closedFailure() {
        FetchException why = ended;
        return why == null
                ? new FetchException(FetchException.Reason.CLOSED, "the reader of blob " + id + " was closed")
                : new FetchException(why.reason(), String.valueOf(why.getMessage()), why);
    }

    /** Any thread: plaintext was handed out. */
    void delivered() {
        meter.delivered(System.nanoTime());
    }

    /** On the loop: ends the session for good; later calls change nothing. */
    void end(FetchException why) {
        if (ended != null) {
            return;
        }
        ended = why;
        sources.all().forEach(transfers::cancelAll);
        attached.forEach(SharedBlob.Subscription::close);
        waiters.failAll(why);
        List.copyOf(readers).forEach(BlobReader::close);
        grant.close();
        meter.ended(System.nanoTime());
        onEnd.run();
        announcer.announce(listener -> listener.finished(id, totals()));
        loop.work(() -> {
            try {
                stored.close();
            } catch (IOException e) {
                LOG.warn("the store could not write down what it holds of blob {}: {}", id, e.getMessage());
            }
        });
    }

    /** Makes a new plan soon, once for all changes that are queued now. */
    private void replan() {
        if (!planDue && ended == null) {
            planDue = true;
            loop.execute(this::plan);
        }
    }

    private void plan() {
        planDue = false;
        if (ended != null) {
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
            transfers.start(usable.get(assignment.source()), assignment.groups());
        }
    }

    private List<FetchPlanner.Demand> demands() {
        List<FetchPlanner.Demand> demands = new ArrayList<>();
        for (BlobReader reader : readers) {
            if (nonce == null && reader.mode() != ReadMode.PREFETCH) {
                demands.add(new FetchPlanner.Demand(new GroupRange(0, 1), 1));
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
        if (ended != null) {
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
        announcer.announce(listener -> listener.rejected(id, source.info(), what));
    }

    /** What becomes of what was asked for. All on the loop. */
    private final class SessionOutcome implements Transfers.Outcome {
        @Override
        public void stored(SourceState from, GroupRange groups) {
            progressNanos = System.nanoTime();
            if (from.isOrigin()) {
                sources.originDelivered();
            }
            shared.heldChanged();
            announcer.announce(listener -> listener.verified(id, groups, from.info()));
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
                announcer.announce(listener -> listener.rejected(id, from.info(), what));
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
                    announcer.announce(listener -> listener.sourceJoined(id, state.info()));
                    replan();
                }
            });
        }

        @Override
        public void availabilityChanged(BlobSource source) {
            onLoop(BlobSession.this::replan);
        }

        @Override
        public void left(BlobSource source) {
            onLoop(() -> {
                SourceState state = sources.leave(source);
                if (state != null) {
                    transfers.cancelAll(state);
                    announcer.announce(listener -> listener.sourceLeft(id, state.info()));
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

        private void onLoop(Runnable task) {
            loop.execute(() -> {
                if (ended == null) {
                    task.run();
                }
            });
        }
    }
}
