package io.runnel.engine;

import io.runnel.crypto.tree.GroupVerifier;
import io.runnel.crypto.tree.TreeShape;
import io.runnel.engine.plan.BlobPlan;
import io.runnel.engine.plan.Request;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceException;
import io.runnel.store.StoredBlob;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The requests under way for one blob, and the way of what they bring: counted on the loop, proven and stored on a
 * worker, reported on the loop again. Owned by the engine loop.
 */
final class Transfers {
    /** What the session does with the outcome. Called on the loop. */
    interface Outcome {
        /** The source delivered groups it was asked for; whether they are the blob's is not known yet. */
        void delivered(SourceState from);

        /** Groups of a batch are proven and stored. */
        void stored(SourceState from, GroupRange groups);

        /** The source delivered a group that is not the blob's. */
        void lied(SourceState from, long group);

        /** The source broke its contract otherwise, failed or left. */
        void ended(SourceState from, SourceException failure);

        /** Proven groups could not be stored. */
        void storeFailed(IOException failure);

        /** Something changed that a new plan should know. */
        void changed();

        /** From any thread: runs a task on the loop, unless the fetch has ended by then. */
        void onLoop(Runnable task);

        /** The proven hashes of these groups, 32 bytes each; null where their windows were forgotten meanwhile. */
        byte @Nullable [] hashes(GroupRange groups);
    }

    private final EngineLoop loop;
    private final TreeShape shape;
    private final StoredBlob stored;
    private final TotalsMeter meter;
    private final Outcome outcome;
    private final BlobPlan plan;
    private final Proofs proofs = new Proofs();

    Transfers(OpenBlob blob, EngineLoop loop, BlobPlan plan, Outcome outcome) {
        this.loop = loop;
        this.shape = blob.shape();
        this.plan = plan;
        this.stored = blob.stored();
        this.meter = blob.meter();
        this.outcome = outcome;
    }

    void start(SourceState source, Request request) {
        ActiveTransfer transfer = new ActiveTransfer(source, request, this, outcome);
        source.started(transfer);
        transfer.handle =
                source.source.fetch(request.groups(), meter.recorded(source.info(), request.groups(), transfer));
    }

    /** As {@link Proofs#uncounted}. */
    GroupSet uncounted() {
        return proofs.uncounted();
    }

    void received(ActiveTransfer transfer, long firstGroup, ByteBuffer bytes) {
        Request request = transfer.request;
        if (request.over()) {
            meter.wasted(bytes.remaining());
            return;
        }
        GroupRange batch = batch(firstGroup, bytes.remaining());
        if (batch.isEmpty()
                || firstGroup != request.next()
                || batch.end() > request.groups().end()) {
            meter.wasted(bytes.remaining());
            cancel(transfer);
            outcome.ended(
                    transfer.from,
                    new SourceException(SourceException.Reason.PROTOCOL, "delivered other groups than were asked for"));
            return;
        }
        byte[] hashes = outcome.hashes(batch);
        if (hashes == null) {
            meter.wasted(bytes.remaining());
            cancel(transfer);
            return;
        }
        plan.delivered(request, batch.end(), System.nanoTime());
        outcome.delivered(transfer.from);
        GroupSet held = stored.held();
        if (held.containsAll(batch)) {
            // A hedge was faster.
            plan.settled(request, batch, false);
            meter.wasted(bytes.remaining());
        } else {
            Proofs.Proof proof = proofs.begin(batch, held);
            loop.work(() -> proveAndStore(transfer, proof, bytes, hashes));
        }
        outcome.changed();
    }

    /** The groups that many bytes are from there on; empty where they are not whole groups. */
    private GroupRange batch(long firstGroup, int length) {
        long count = (length + (long) shape.groupBytes() - 1) / shape.groupBytes();
        if (firstGroup < 0 || count == 0 || firstGroup + count > shape.groups()) {
            return new GroupRange(0, 0);
        }
        GroupRange batch = new GroupRange(firstGroup, firstGroup + count);
        return bytesOf(batch) == length ? batch : new GroupRange(0, 0);
    }

    private long bytesOf(GroupRange groups) {
        return shape.bytesOf(groups.first(), groups.end());
    }

    /** On a worker. */
    private void proveAndStore(ActiveTransfer transfer, Proofs.Proof proof, ByteBuffer bytes, byte[] hashes) {
        GroupRange good;
        try {
            good = keepGood(proof.batch, bytes, hashes);
        } catch (IOException | RuntimeException | Error failure) {
            outcome.onLoop(() -> notKept(transfer, proof, failure));
            return;
        }
        outcome.onLoop(() -> proven(transfer, proof, good));
    }

    /** On a worker: stores the beginning of the batch that is the blob's, and says how far that goes. */
    private GroupRange keepGood(GroupRange batch, ByteBuffer bytes, byte[] hashes) throws IOException {
        int bad = GroupVerifier.firstBad(shape, batch.first(), bytes, hashes);
        GroupRange good = bad < 0 ? batch : new GroupRange(batch.first(), batch.first() + bad);
        if (!good.isEmpty()) {
            stored.putGroups(good.first(), bytes.duplicate().limit(bytes.position() + (int) bytesOf(good)));
        }
        return good;
    }

    private void notKept(ActiveTransfer transfer, Proofs.Proof proof, Throwable failure) {
        GroupRange batch = proof.batch;
        plan.settled(transfer.request, batch, false);
        proofs.end(proof, new GroupRange(batch.first(), batch.first()));
        outcome.storeFailed(StoreFailures.of(failure));
    }

    private void proven(ActiveTransfer transfer, Proofs.Proof proof, GroupRange good) {
        GroupRange batch = proof.batch;
        plan.settled(transfer.request, batch, !good.isEmpty());
        long unneeded = good.isEmpty() ? 0 : bytesOf(good);
        for (GroupRange fresh : proofs.end(proof, good).runs()) {
            unneeded -= bytesOf(fresh);
            meter.verified(transfer.from.info(), bytesOf(fresh));
            outcome.stored(transfer.from, fresh);
        }
        meter.wasted(unneeded);
        if (good.end() < batch.end()) {
            meter.wasted(bytesOf(new GroupRange(good.end(), batch.end())));
            cancel(transfer);
            // One lie is enough: what else a banned source had under way only has to be fetched again.
            if (!transfer.from.banned()) {
                meter.rejectedGroup();
                outcome.lied(transfer.from, good.end());
            }
        }
        outcome.changed();
    }

    void completed(ActiveTransfer transfer) {
        if (!transfer.request.over()) {
            failed(
                    transfer,
                    new SourceException(SourceException.Reason.PROTOCOL, "ended before all groups were delivered"));
        }
        transfer.from.ended(transfer);
    }

    void failed(ActiveTransfer transfer, SourceException failure) {
        transfer.from.ended(transfer);
        if (!transfer.request.over()) {
            plan.ended(transfer.request);
            outcome.ended(transfer.from, failure);
            outcome.changed();
        }
    }

    /** Stops a request and gives what it has not brought to others. */
    void cancel(ActiveTransfer transfer) {
        plan.ended(transfer.request);
        transfer.from.ended(transfer);
        if (transfer.handle != null) {
            transfer.handle.cancel();
        }
    }

    /** Stops all requests to a source. */
    void cancelAll(SourceState source) {
        source.active().forEach(this::cancel);
    }
}
