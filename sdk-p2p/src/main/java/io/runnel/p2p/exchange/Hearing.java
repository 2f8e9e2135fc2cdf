package io.runnel.p2p.exchange;

import io.runnel.p2p.exchange.ExchangeEffect.Ending;
import io.runnel.p2p.exchange.ExchangeEffect.Failure;
import io.runnel.source.SourceException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What the peer says: checks that it fits the conversation and brings it to the part it concerns. */
final class Hearing implements Frame.Sink {
    /** The parts of one conversation. */
    record Parts(Outbox out, Life life, Blobs blobs, Getter getter, Provider provider) {}

    private final Outbox out;
    private final Life life;
    private final Blobs blobs;
    private final Getter getter;
    private final Provider provider;
    private final boolean peerMayServe;
    private final Chatter chatter = new Chatter();
    private long lastId;

    /** When what is heard was said. */
    private long now;

    Hearing(Parts parts, boolean peerMayServe) {
        this.out = parts.out();
        this.life = parts.life();
        this.blobs = parts.blobs();
        this.getter = parts.getter();
        this.provider = parts.provider();
        this.peerMayServe = peerMayServe;
    }

    /** A message, whole. */
    void hear(ByteBuffer message, long at) {
        now = at;
        try {
            chatter.heard(message, at);
            FrameCodec.decode(message).deliver(this);
        } catch (MalformedFrameException e) {
            out.add(new ExchangeEffect.Misbehaved(String.valueOf(e.getMessage())));
            life.end(
                    new Failure(SourceException.Reason.PROTOCOL, "peer broke the protocol"),
                    "protocol broken",
                    Ending.PARTED);
        }
    }

    private void greeted() throws MalformedFrameException {
        if (!life.greeted()) {
            throw new MalformedFrameException("something before the hello");
        }
    }

    private void fresh(long id) throws MalformedFrameException {
        greeted();
        if (id <= lastId) {
            throw new MalformedFrameException("an id used before");
        }
        lastId = id;
    }

    private @Nullable Blob named(int index) throws MalformedFrameException {
        greeted();
        return blobs.named(index);
    }

    @Override
    public void hello(Frame.Hello frame) throws MalformedFrameException {
        if (life.greeted()) {
            throw new MalformedFrameException("a second hello");
        }
        if (frame.version() != ExchangeProtocol.VERSION) {
            life.goodbye(Frame.Bye.Parting.REFUSED, "peer speaks another version", Ending.OTHER_VERSION);
            return;
        }
        life.greet();
        getter.start(frame.maxRequests(), now);
        blobs.peerServes(frame.serves() && peerMayServe);
    }

    @Override
    public void open(Frame.Open frame) throws MalformedFrameException {
        greeted();
        if (blobs.peerOpened(frame) == null) {
            out.add(new ExchangeEffect.PeerOpened(frame.swarm()));
        }
    }

    @Override
    public void close(Frame.Close frame) throws MalformedFrameException {
        greeted();
        Blob blob = blobs.peerClosed(frame.index());
        if (blob != null) {
            getter.close(blob, now);
            blobs.part(blob);
        }
    }

    @Override
    public void have(Frame.Have frame) throws MalformedFrameException {
        Blob blob = named(frame.index());
        if (blob != null) {
            chatter.worked((double) blob.runsGoneThrough(frame) / ExchangeProtocol.CHATTER_RUNS);
            blobs.heard(blob, frame);
        }
    }

    @Override
    public void tree(Frame.Tree frame) throws MalformedFrameException {
        fresh(frame.id());
        Blob blob = named(frame.index());
        if (blob == null || !provider.serving()) {
            refuse(frame.id(), blob);
        } else {
            provider.tree(frame, blob);
        }
    }

    @Override
    public void request(Frame.Request frame) throws MalformedFrameException {
        fresh(frame.id());
        Blob blob = named(frame.index());
        if (blob == null || !provider.serving()) {
            refuse(frame.id(), blob);
        } else {
            provider.request(frame.id(), blob, frame.groups());
        }
    }

    private void refuse(long id, @Nullable Blob blob) {
        out.refuse(id, blob == null ? Frame.Refuse.Refusal.GONE : Frame.Refuse.Refusal.NOT_SERVING, 0);
    }

    @Override
    public void serving(Frame.Serving frame) throws MalformedFrameException {
        greeted();
        boolean serves = frame.serves() && peerMayServe;
        if (!serves) {
            getter.endAll("peer serves no longer", now);
        }
        chatter.worked(blobs.peerServes(serves) * ExchangeProtocol.CHATTER_PER_TOGGLE);
    }

    @Override
    public void treeBytes(Frame.TreeBytes frame) throws MalformedFrameException {
        getter.treeBytes(frame, now);
    }

    @Override
    public void groups(Frame.Groups frame) throws MalformedFrameException {
        getter.groups(frame, now);
    }

    @Override
    public void refuse(Frame.Refuse frame) throws MalformedFrameException {
        getter.refuse(frame, now);
    }

    @Override
    public void cancel(Frame.Cancel frame) throws MalformedFrameException {
        greeted();
        provider.cancel(frame.id());
    }

    @Override
    public void bye(Frame.Bye frame) {
        Ending ending = frame.reason() == Frame.Bye.Parting.RECONNECT ? Ending.RECONNECT : Ending.PARTED;
        life.end(new Failure(SourceException.Reason.CLOSED, "peer has left"), "peer said goodbye", ending);
    }

    @Override
    public void credential(Frame.Credential frame) throws MalformedFrameException {
        greeted();
        out.add(new ExchangeEffect.CredentialShown(frame.encoded()));
    }
}
