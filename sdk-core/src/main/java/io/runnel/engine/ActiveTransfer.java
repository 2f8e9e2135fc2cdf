package io.runnel.engine;

import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.SourceException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One request under way. The source calls it from its own threads; it only hops to the engine loop, which owns the
 * fields.
 */
final class ActiveTransfer implements BlobSource.GroupReceiver {
    final SourceState from;
    final GroupRange groups;
    private final Transfers transfers;
    private final Transfers.Outcome outcome;

    /** The first group not yet delivered. */
    long next;

    /** Whether what still comes is ignored. */
    boolean done;

    BlobSource.@Nullable Transfer handle;

    ActiveTransfer(SourceState from, GroupRange groups, Transfers transfers, Transfers.Outcome outcome) {
        this.from = from;
        this.groups = groups;
        this.transfers = transfers;
        this.outcome = outcome;
        this.next = groups.first();
    }

    /** What was asked for and has not come. */
    GroupRange missing() {
        return new GroupRange(next, groups.end());
    }

    @Override
    public void received(long firstGroup, ByteBuffer bytes) {
        outcome.onLoop(() -> transfers.received(this, firstGroup, bytes));
    }

    @Override
    public void completed() {
        outcome.onLoop(() -> transfers.completed(this));
    }

    @Override
    public void failed(SourceException failure) {
        outcome.onLoop(() -> transfers.failed(this, failure));
    }
}
