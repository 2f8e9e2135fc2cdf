package io.runnel.p2p;

import io.runnel.p2p.transport.PeerLink;
import io.runnel.source.PeerPath;
import java.nio.ByteBuffer;

/** A link's listener that passes everything on; what stands in between changes some of it. */
class HeardLink implements PeerLink.Listener {
    private final PeerLink.Listener listener;

    HeardLink(PeerLink.Listener listener) {
        this.listener = listener;
    }

    @Override
    public void described(String description) {
        listener.described(description);
    }

    @Override
    public void opened() {
        listener.opened();
    }

    @Override
    public void received(ByteBuffer message) {
        listener.received(message);
    }

    @Override
    public void handedOver(long bytes) {
        listener.handedOver(bytes);
    }

    @Override
    public void pathFound(PeerPath path) {
        listener.pathFound(path);
    }

    @Override
    public void misbehaved(String what) {
        listener.misbehaved(what);
    }

    @Override
    public void wornOut() {
        listener.wornOut();
    }

    @Override
    public void closed(String why) {
        listener.closed(why);
    }
}
