package io.runnel.engine;

import io.runnel.engine.plan.BlobPlan;
import io.runnel.source.BlobSource;
import io.runnel.source.Seat;
import io.runnel.source.SharedBlob;
import io.runnel.source.SourceException;
import io.runnel.source.SourceInfo;
import io.runnel.source.SourceProvider;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sources of one blob as they come, go and misbehave: listens to the providers, keeps the {@link SourceTable}, and
 * sees to what follows for the plan, for requests under way and for the app. Owned by the engine loop.
 */
final class Suppliers {
    private static final Logger LOG = LoggerFactory.getLogger(Suppliers.class);

    private final OpenBlob blob;
    private final Announcer announcer;
    private final BlobPlan plan;
    private final Transfers transfers;
    private final Transfers.Outcome outcome;
    private final SourceTable table;
    private final List<Hearing> hearings = new ArrayList<>();
    private final List<SharedBlob.Subscription> attached = new ArrayList<>();

    private boolean peersMayCome;
    private boolean seated;

    Suppliers(OpenBlob blob, EngineParts engine, BlobPlan plan, Transfers transfers, Transfers.Outcome outcome) {
        this.blob = blob;
        this.announcer = engine.announcer();
        this.plan = plan;
        this.transfers = transfers;
        this.outcome = outcome;
        this.table = new SourceTable(engine.planning(), plan);
    }

    /** Starts finding sources. */
    void attach(List<SourceProvider> providers, SharedBlob shared) {
        for (SourceProvider provider : providers) {
            Hearing hearing = new Hearing(provider);
            try {
                attached.add(provider.attach(shared, hearing));
                hearings.add(hearing);
            } catch (RuntimeException | Error broken) {
                LOG.warn(
                        "a provider of sources failed for blob {}, the others go on: {}", blob.id(), broken.toString());
            }
        }
        reckonWithPeers();
    }

    /** Ends all requests, and finds no more sources: those that are still here leave. */
    void detach() {
        table.all().forEach(transfers::cancelAll);
        for (SharedBlob.Subscription subscription : attached) {
            try {
                subscription.close();
            } catch (RuntimeException | Error broken) {
                LOG.warn("a provider of sources did not let go of blob {}: {}", blob.id(), broken.toString());
            }
        }
        table.all().forEach(source -> announcer.left(blob.id(), source.info()));
    }

    SourceTable table() {
        return table;
    }

    /** Whether any provider of peers may find some. */
    boolean peersMayCome() {
        return peersMayCome;
    }

    /** Whether this member may have to bring groups into the swarm, for which it needs their hashes. */
    boolean seated() {
        return seated;
    }

    private void reckonWithPeers() {
        peersMayCome = hearings.stream().anyMatch(Hearing::peersMayCome);
        plan.peersMayCome(peersMayCome);
    }

    /** A source delivered what is not the blob's. */
    void lied(SourceState source, String what) {
        source.holder.lied();
        failed(source, new SourceException(SourceException.Reason.PROTOCOL, what));
        if (source.banned()) {
            drop(source, what);
        } else {
            announcer.rejected(blob.id(), source.info(), what);
        }
    }

    /** A source did not do what it was asked to. */
    void failed(SourceState source, SourceException failure) {
        source.penalise(failure, System.nanoTime());
        source.failure = failure;
        LOG.debug("{} failed for blob {}: {}", source.info().id(), blob.id(), failure.getMessage());
    }

    /** A source has kept somebody waiting for too long; the planner leaves it alone already. */
    void stalled(SourceState source) {
        source.failure = new SourceException(
                SourceException.Reason.TIMED_OUT, source.info().id() + " stalled");
    }

    private void drop(SourceState source, String what) {
        table.ban(source);
        transfers.cancelAll(source);
        announcer.rejected(blob.id(), source.info(), what);
    }

    /** A source is asked no more: it has left, or is of no use. Nothing where it is out already. */
    private void takeOut(BlobSource source) {
        SourceState state = table.leave(source);
        if (state != null) {
            blob.meter().left(state.source);
            transfers.cancelAll(state);
            announcer.left(blob.id(), state.info());
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
            outcome.onLoop(() -> {
                mayCome = may;
                reckonWithPeers();
                outcome.changed();
            });
        }

        @Override
        public void joined(BlobSource source) {
            outcome.onLoop(() -> {
                SourceState state = table.join(source, provider);
                if (state != null) {
                    blob.meter().joined(state.source);
                    announcer.joined(blob.id(), state.info());
                    outcome.changed();
                }
            });
        }

        @Override
        public void availabilityChanged(BlobSource source) {
            outcome.onLoop(() -> {
                if (!table.availabilityChanged(source)) {
                    takeOut(source);
                }
                outcome.changed();
            });
        }

        @Override
        public void left(BlobSource source) {
            outcome.onLoop(() -> {
                takeOut(source);
                outcome.changed();
            });
        }

        @Override
        public void late(long bytes) {
            blob.meter().wasted(bytes);
        }

        @Override
        public void seated(Seat seat) {
            outcome.onLoop(() -> {
                plan.seat(seat);
                seated = seat.index() >= 0;
                outcome.changed();
            });
        }

        @Override
        public void misbehaved(SourceInfo source, String what) {
            outcome.onLoop(() -> table.all().stream()
                    .filter(state -> state.info().equals(source))
                    .forEach(state -> {
                        state.holder.lied();
                        drop(state, what);
                    }));
        }
    }
}
