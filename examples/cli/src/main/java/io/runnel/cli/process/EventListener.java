package io.runnel.cli.process;

import io.runnel.crypto.BlobId;
import io.runnel.fetch.FetchListener;
import io.runnel.source.SourceInfo;
import java.util.function.Consumer;

/** Turns what a client hears of its fetches into events for a parent. */
final class EventListener implements FetchListener {
    private final Consumer<Event> tell;

    EventListener(Consumer<Event> tell) {
        this.tell = tell;
    }

    @Override
    public void sourceJoined(BlobId blob, SourceInfo source) {
        tell.accept(new Event.Joined(source.id()));
    }

    @Override
    public void sourceLeft(BlobId blob, SourceInfo source) {
        tell.accept(new Event.Left(source.id()));
    }

    @Override
    public void rejected(BlobId blob, SourceInfo source, String what) {
        tell.accept(new Event.Rejected(source.id(), what));
    }
}
