package io.runnel.p2p.exchange;

import io.runnel.crypto.SwarmId;
import io.runnel.p2p.exchange.ExchangeEffect.Failure;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One side of a conversation with one peer over all blobs both have open: it asks and serves at the same time. Every
 * input comes with the time, in nanoseconds since any moment before the first input, and
 * returns what is to be done, in
 * order. Not thread-safe. After a {@link ExchangeEffect.Closed} effect inputs change nothing.
 *
 * <p>Asking is {@code Getter}'s part, serving {@code Provider}'s, what each side holds {@code Blob}'s; this class knows
 * which blobs are open and whether the conversation lives.
 */
public final class ExchangeMachine {
    private final boolean serves;
    private final boolean peerMayServe;
    private final Outbox out = new Outbox();
    private final Getter getter = new Getter(out);
    private final Provider provider = new Provider(out, ExchangeProtocol.FRAME_GROUPS);
    private final Map<SwarmId, Blob> blobs = new HashMap<>();
    private final Map<Integer, SwarmId> peerIndexes = new HashMap<>();
    private boolean helloHeard;
    private boolean draining;
    private boolean over;
    private long helloBy = Long.MAX_VALUE;
    private long drainedBy = Long.MAX_VALUE;
    private long lastPeerId;
    private long wakeAsked = Long.MAX_VALUE;

    /**
     * A conversation over a channel that is not open yet.
     *
     * @param serves whether this side answers requests
     * @param peerMayServe whether the peer's credential lets it; where not, it never becomes a source
     */
    public ExchangeMachine(boolean serves, boolean peerMayServe) {
        this.serves = serves;
        this.peerMayServe = peerMayServe;
    }

    /** The channel is open. */
    public List<ExchangeEffect> opened(long now) {
        out.send(new Frame.Hello(
                ExchangeProtocol.VERSION, serves, ExchangeProtocol.MAX_FRAME_BYTES, ExchangeProtocol.MAX_REQUESTS));
        blobs.values().forEach(blob -> out.send(new Frame.Open(blob.index, blob.swarm)));
        helloBy = now + ExchangeProtocol.HELLO_NANOS;
        return result(now);
    }

    /** A message came; it is all of {@code message} from position to limit, and owned by the machine from here on. */
    public List<ExchangeEffect> received(ByteBuffer message, long now) {
        if (!over) {
            try {
                FrameCodec.decode(message).deliver(new Conversation(now));
            } catch (MalformedFrameException e) {
                out.add(new ExchangeEffect.Misbehaved(String.valueOf(e.getMessage())));
                end(new Failure(SourceException.Reason.PROTOCOL, "peer broke the protocol"), "protocol broken", false);
            }
        }
        return result(now);
    }

    /** The transport has taken this many bytes more of what was sent. */
    public List<ExchangeEffect> handedOver(long bytes, long now) {
        out.taken(bytes);
        if (!over) {
            provider.pump();
        }
        return result(now);
    }

    /**
     * Opens a blob towards this peer; does nothing where it is open. Only for a peer that may know of it.
     *
     * @param sizeBytes the blob's authenticated length
     * @param held what the store holds
     * @throws IllegalArgumentException if the blob is longer than the protocol can name
     */
    public List<ExchangeEffect> openBlob(SwarmId swarm, long sizeBytes, GroupSet held, long now) {
        if (!canName(sizeBytes)) {
            throw new IllegalArgumentException("sizeBytes: " + sizeBytes + ", too long for this protocol");
        }
        if (!over && !blobs.containsKey(swarm) && blobs.size() < ExchangeProtocol.MAX_BLOBS) {
            Blob blob = new Blob(swarm, freeIndex(), sizeBytes, held);
            blob.mutual = peerIndexes.containsValue(swarm);
            blobs.put(swarm, blob);
            if (helloBy != Long.MAX_VALUE) {
                out.send(new Frame.Open(blob.index, swarm));
            }
        }
        return result(now);
    }

    /** Whether a blob of this length can be exchanged at all. */
    public static boolean canName(long sizeBytes) {
        return sizeBytes >= 0 && Blob.groups(sizeBytes) < ExchangeProtocol.MAX_GROUPS;
    }

    private int freeIndex() {
        int index = 0;
        while (holds(index)) {
            index++;
        }
        return index;
    }

    private boolean holds(int index) {
        return blobs.values().stream().anyMatch(blob -> blob.index == index);
    }

    /** Closes a blob; its fetches fail as closed. */
    public List<ExchangeEffect> closeBlob(SwarmId swarm, long now) {
        Blob blob = over ? null : blobs.remove(swarm);
        if (blob != null) {
            part(blob, now);
            provider.close(blob);
            if (helloBy != Long.MAX_VALUE) {
                out.send(new Frame.Close(blob.index));
            }
        }
        return result(now);
    }

    /** What the store holds of a blob has changed. */
    public List<ExchangeEffect> heldChanged(SwarmId swarm, GroupSet held, long now) {
        Blob blob = blobs.get(swarm);
        if (blob != null) {
            blob.held = held;
        }
        return result(now);
    }

    /**
     * Fetches groups; ends in exactly one completed or failed effect.
     *
     * @param transfer names the fetch, unlike any other of this machine
     */
    public List<ExchangeEffect> fetch(long transfer, SwarmId swarm, GroupRange groups, long now) {
        Blob blob = source(swarm);
        if (blob == null) {
            out.add(new ExchangeEffect.Failed(transfer, unavailable()));
        } else {
            getter.fetch(transfer, blob, groups, now);
        }
        return result(now);
    }

    /** Stops a fetch: it fails as closed, unless it has ended. */
    public List<ExchangeEffect> cancel(long transfer, long now) {
        if (!over) {
            getter.cancel(transfer);
        }
        return result(now);
    }

    /**
     * Asks for a stretch of the outboard; ends in exactly one of the two tree effects.
     *
     * @param question names it, unlike any other of this machine
     */
    public List<ExchangeEffect> tree(long question, SwarmId swarm, long offset, int length, long now) {
        Blob blob = source(swarm);
        if (blob == null) {
            out.add(new ExchangeEffect.TreeFailed(question, unavailable()));
        } else {
            getter.tree(question, blob, offset, length, now);
        }
        return result(now);
    }

    private @Nullable Blob source(SwarmId swarm) {
        Blob blob = over || draining ? null : blobs.get(swarm);
        return blob == null || blob.theirs == null ? null : blob;
    }

    private Failure unavailable() {
        return draining && !over
                ? new Failure(
                        SourceException.Reason.BUSY, "connection is being replaced", ExchangeProtocol.BUSY_RETRY_MILLIS)
                : new Failure(SourceException.Reason.CLOSED, "peer has left");
    }

    /**
     * A read of the store came back.
     *
     * @param bytes from position to limit; empty where they are not held any more; null where the store failed
     */
    public List<ExchangeEffect> read(long read, @Nullable ByteBuffer bytes, long now) {
        if (!over) {
            provider.read(read, bytes);
        }
        return result(now);
    }

    /** Shows the peer a credential of this side. */
    public List<ExchangeEffect> showCredential(ByteBuffer encoded, long now) {
        if (!over) {
            out.send(new Frame.Credential(encoded));
        }
        return result(now);
    }

    /** Takes no new fetch, lets those under way finish for a while, then closes and asks for a fresh connection. */
    public List<ExchangeEffect> drain(long now) {
        if (!draining) {
            draining = true;
            drainedBy = now + ExchangeProtocol.DRAIN_NANOS;
        }
        return result(now);
    }

    /** Says goodbye and ends. */
    public List<ExchangeEffect> leave(long now) {
        goodbye(Frame.Bye.Parting.LEAVING, "left", false);
        return result(now);
    }

    /** Says goodbye to a peer that is not wanted, and ends. */
    public List<ExchangeEffect> dismiss(long now) {
        goodbye(Frame.Bye.Parting.REFUSED, "dismissed", false);
        return result(now);
    }

    /** The channel is gone. */
    public List<ExchangeEffect> lost(long now) {
        end(new Failure(SourceException.Reason.UNREACHABLE, "connection to the peer broke"), "connection broke", true);
        return result(now);
    }

    /** The time asked for has come. */
    public List<ExchangeEffect> wake(long now) {
        wakeAsked = Long.MAX_VALUE;
        if (!over && !helloHeard && now >= helloBy) {
            goodbye(Frame.Bye.Parting.REFUSED, "peer said no hello", false);
        }
        if (!over && !getter.wake(now)) {
            goodbye(Frame.Bye.Parting.LEAVING, "peer delivers nothing", false);
        }
        return result(now);
    }

    private void goodbye(Frame.Bye.Parting reason, String why, boolean reconnect) {
        if (!over) {
            if (helloBy != Long.MAX_VALUE) {
                out.send(new Frame.Bye(reason));
            }
            end(new Failure(SourceException.Reason.CLOSED, "peer connection was closed"), why, reconnect);
        }
    }

    private void end(Failure failure, String why, boolean reconnect) {
        if (over) {
            return;
        }
        over = true;
        getter.endAll(failure);
        for (Blob blob : blobs.values()) {
            if (blob.theirs != null) {
                out.add(new ExchangeEffect.Left(blob.swarm));
            }
        }
        blobs.clear();
        out.add(new ExchangeEffect.Closed(why, reconnect));
    }

    /** The blob is no longer open on both sides. */
    private void part(Blob blob, long now) {
        getter.close(blob, new Failure(SourceException.Reason.CLOSED, "peer has left the blob"), now);
        if (blob.theirs != null) {
            out.add(new ExchangeEffect.Left(blob.swarm));
        }
        blob.mutual = false;
        blob.theirs = null;
        blob.told = null;
    }

    private List<ExchangeEffect> result(long now) {
        if (!over) {
            if (draining && (getter.idle() || now >= drainedBy)) {
                goodbye(Frame.Bye.Parting.RECONNECT, "connection was worn out", true);
            } else {
                tellHeld(now);
                askToWake(now);
            }
        }
        return out.drain();
    }

    private void tellHeld(long now) {
        if (serves && helloHeard) {
            for (Blob blob : blobs.values()) {
                if (now >= blob.tellAt(now)) {
                    blob.tell(now, out);
                }
            }
        }
    }

    private void askToWake(long now) {
        long at = Math.min(getter.wakeNanos(), helloHeard ? Long.MAX_VALUE : helloBy);
        at = Math.min(at, drainedBy);
        if (serves && helloHeard) {
            for (Blob blob : blobs.values()) {
                at = Math.min(at, blob.tellAt(now));
            }
        }
        if (at < wakeAsked) {
            wakeAsked = at;
            out.add(new ExchangeEffect.WakeAt(at));
        }
    }

    /** What the peer says, at one moment. */
    private final class Conversation implements Frame.Sink {
        private final long now;

        Conversation(long now) {
            this.now = now;
        }

        private void greeted() throws MalformedFrameException {
            if (!helloHeard) {
                throw new MalformedFrameException("something before the hello");
            }
        }

        private void fresh(long id) throws MalformedFrameException {
            greeted();
            if (id <= lastPeerId) {
                throw new MalformedFrameException("an id used before");
            }
            lastPeerId = id;
        }

        /** This side's end of the blob the peer means, or null where it is not open here any more. */
        private @Nullable Blob named(int index) throws MalformedFrameException {
            greeted();
            SwarmId swarm = peerIndexes.get(index);
            if (swarm == null) {
                throw new MalformedFrameException("a blob that was not opened");
            }
            return blobs.get(swarm);
        }

        @Override
        public void hello(Frame.Hello frame) throws MalformedFrameException {
            if (helloHeard) {
                throw new MalformedFrameException("a second hello");
            }
            if (frame.version() != ExchangeProtocol.VERSION) {
                goodbye(Frame.Bye.Parting.REFUSED, "peer speaks another version", false);
                return;
            }
            helloHeard = true;
            getter.start(frame.maxRequests(), now);
        }

        @Override
        public void open(Frame.Open frame) throws MalformedFrameException {
            greeted();
            if (peerIndexes.containsKey(frame.index()) || peerIndexes.containsValue(frame.swarm())) {
                throw new MalformedFrameException("a blob opened twice");
            }
            peerIndexes.put(frame.index(), frame.swarm());
            Blob blob = blobs.get(frame.swarm());
            if (blob != null) {
                blob.mutual = true;
            } else {
                out.add(new ExchangeEffect.PeerOpened(frame.swarm()));
            }
        }

        @Override
        public void close(Frame.Close frame) throws MalformedFrameException {
            Blob blob = named(frame.index());
            peerIndexes.remove(frame.index());
            if (blob != null) {
                part(blob, now);
            }
        }

        @Override
        public void have(Frame.Have frame) throws MalformedFrameException {
            Blob blob = named(frame.index());
            if (blob != null && peerMayServe) {
                blob.hear(frame);
                if (blob.theirs != null) {
                    out.add(new ExchangeEffect.Available(blob.swarm, blob.theirs));
                }
            }
        }

        @Override
        public void tree(Frame.Tree frame) throws MalformedFrameException {
            fresh(frame.id());
            Blob blob = named(frame.index());
            if (blob == null || !serves) {
                refuse(frame.id(), blob);
            } else {
                provider.tree(frame, blob);
            }
        }

        @Override
        public void request(Frame.Request frame) throws MalformedFrameException {
            fresh(frame.id());
            Blob blob = named(frame.index());
            if (blob == null || !serves) {
                refuse(frame.id(), blob);
            } else {
                provider.request(frame.id(), blob, frame.groups());
            }
        }

        private void refuse(long id, @Nullable Blob blob) {
            provider.refuse(id, blob == null ? Frame.Refuse.Refusal.GONE : Frame.Refuse.Refusal.NOT_SERVING, 0);
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
            boolean reconnect = frame.reason() == Frame.Bye.Parting.RECONNECT;
            end(new Failure(SourceException.Reason.CLOSED, "peer has left"), "peer said goodbye", reconnect);
        }

        @Override
        public void credential(Frame.Credential frame) throws MalformedFrameException {
            greeted();
            out.add(new ExchangeEffect.CredentialShown(frame.encoded()));
        }
    }
}
