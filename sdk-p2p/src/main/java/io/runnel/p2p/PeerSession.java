package io.runnel.p2p;

import io.runnel.crypto.VerifyingKey;
import io.runnel.p2p.exchange.ExchangeEffect.Ending;
import io.runnel.p2p.signalling.SessionId;
import io.runnel.p2p.transport.PeerLink;
import io.runnel.source.PeerPath;
import io.runnel.source.SourceInfo;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One connection to one peer, from the first description to the end. On the loop, save {@link #hasEnded} and {@link #path}. */
final class PeerSession implements LinkInbox.Reader {
    /** What a session asks of its surroundings; all on the loop. */
    interface Host {
        void described(PeerSession session, String description);

        /** The link is open: what is to be said over it, which begins before {@link #opened}. */
        Conversation conversation(PeerSession session, PeerLink link, boolean peerMayServe);

        void opened(PeerSession session);

        void misbehaved(PeerSession session, String what);

        void ended(PeerSession session, Ending ending);
    }

    private final VerifyingKey peer;
    private final SessionId id;
    private final SourceInfo info;
    private final Host host;
    private final long startNanos;
    private @Nullable PeerLink link;
    private @Nullable Conversation conversation;
    private boolean peerMayServe;
    private boolean worn;
    private boolean lost;
    private volatile PeerPath path = PeerPath.UNKNOWN;
    private volatile boolean ended;

    /** @param startNanos when it began, on the loop's clock */
    PeerSession(VerifyingKey peer, SessionId id, Host host, long startNanos) {
        this.peer = peer;
        this.id = id;
        this.host = host;
        this.startNanos = startNanos;
        this.info = infoOf(peer);
    }

    static SourceInfo infoOf(VerifyingKey peer) {
        return new SourceInfo("peer:" + peer.toString().substring(0, 12), SourceInfo.Kind.PEER);
    }

    VerifyingKey peer() {
        return peer;
    }

    SessionId id() {
        return id;
    }

    SourceInfo info() {
        return info;
    }

    long startNanos() {
        return startNanos;
    }

    /** From any thread. */
    boolean hasEnded() {
        return ended;
    }

    /** How the connection runs, as far as it is known. From any thread. */
    PeerPath path() {
        return path;
    }

    /** Whether the link ended without a farewell. */
    boolean lost() {
        return lost;
    }

    /** Null until the link is open. */
    @Nullable Conversation conversation() {
        return conversation;
    }

    void start(PeerLink made) {
        link = made;
    }

    /** The peer's answer has come and was checked. */
    void accept(String sdp, boolean mayServe) {
        admit(mayServe);
        if (link != null) {
            link.answered(sdp);
        }
    }

    void admit(boolean mayServe) {
        peerMayServe = mayServe;
    }

    /** Says goodbye where there is someone to hear it, and closes. */
    void leave() {
        if (conversation != null) {
            conversation.leave();
        }
        finish(Ending.PARTED);
    }

    /** @param ending what is to follow */
    void finish(Ending ending) {
        if (ended) {
            return;
        }
        ended = true;
        if (link != null) {
            link.close();
        }
        host.ended(this, ending);
    }

    // From the link, by way of the inbox.

    @Override
    public void described(String description) {
        if (!ended) {
            host.described(this, description);
        }
    }

    @Override
    public void opened() {
        if (!ended && link != null) {
            conversation = host.conversation(this, link, peerMayServe);
            conversation.begin();
            host.opened(this);
            if (worn) {
                wornOut();
            }
        }
    }

    @Override
    public void received(ByteBuffer message) {
        if (conversation != null) {
            conversation.received(message);
        }
    }

    @Override
    public void misbehaved(String what) {
        if (!ended) {
            host.misbehaved(this, what);
            leave();
        }
    }

    @Override
    public void handedOver(long bytes) {
        if (conversation != null) {
            conversation.handedOver(bytes);
        }
    }

    @Override
    public void pathFound(PeerPath found) {
        path = found;
    }

    @Override
    public void wornOut() {
        worn = true;
        if (conversation != null && !ended) {
            conversation.drain();
        }
    }

    @Override
    public void closed() {
        lost = !ended;
        if (conversation != null) {
            conversation.lost();
        }
        finish(Ending.PARTED);
    }
}
