package io.runnel.engine;

import io.runnel.engine.plan.Request;
import io.runnel.source.BlobSource;
import io.runnel.source.SourceException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One request under way. The source calls it from its own threads; it only hops to the engine loop. */
final class ActiveTransfer implements BlobSource.GroupReceiver {
    final SourceState from;
    final Request request;
    private final Transfers transfers;
    private final Transfers.Outcome outcome;

    BlobSource.@Nullable Transfer handle;

    ActiveTransfer(SourceState from, Request request, Transfers transfers, Transfers.Outcome outcome) {
        this.from = from;
        this.request = request;
        this.transfers = transfers;
        this.outcome = outcome;
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
