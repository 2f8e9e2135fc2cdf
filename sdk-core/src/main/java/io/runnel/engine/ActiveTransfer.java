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
    private final EngineLoop loop;
    private final Transfers transfers;

    /** The first group not yet delivered. */
    long next;

    /** Whether what still comes is ignored. */
    boolean done;

    BlobSource.@Nullable Transfer handle;

    ActiveTransfer(SourceState from, GroupRange groups, EngineLoop loop, Transfers transfers) {
        this.from = from;
        this.groups = groups;
        this.loop = loop;
        this.transfers = transfers;
        this.next = groups.first();
    }

    /** What was asked for and has not come. */
    GroupRange missing() {
        return new GroupRange(next, groups.end());
    }

    @Override
    public void received(long firstGroup, ByteBuffer bytes) {
        loop.execute(() -> transfers.received(this, firstGroup, bytes));
    }

    @Override
    public void completed() {
        loop.execute(() -> transfers.completed(this));
    }

    @Override
    public void failed(SourceException failure) {
        loop.execute(() -> transfers.failed(this, failure));
    }
}
