package io.runnel.p2p.exchange;

import io.runnel.crypto.SwarmId;
import io.runnel.p2p.exchange.ExchangeEffect.Ending;
import io.runnel.p2p.exchange.ExchangeEffect.Failure;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One side of a conversation with one peer over all blobs both have open: it asks and serves at the same time. Every
 * input comes with the time, in nanoseconds since any moment before the first input, and returns what is to be done, in
 * order. Not thread-safe. After a {@link ExchangeEffect.Closed} effect inputs change nothing, and permits come back unused.
 *
 * <p>Asking is {@code Getter}'s part, serving {@code Provider}'s. Which blobs are open and what each side was told of
 * them is in {@code Blobs}, whether the conversation lives in {@code Life}; what the peer says goes through
 * {@code Hearing}.
 */
public final class ExchangeMachine {
    private final Outbox out = new Outbox();
    private final Getter getter = new Getter(out);
    private final Provider provider;
    private final Blobs blobs = new Blobs(out);
    private final Life life = new Life(out, this::ended);
    private final Hearing hearing;
    private Stance stance;
    private long wakeAsked = Long.MAX_VALUE;

    /**
     * A conversation over a channel that is not open yet, in which this side sends what it is asked for.
     *
     * @param serves whether this side answers requests
     * @param peerMayServe whether the peer's credential lets it; where not, it never becomes a source
     */
    public ExchangeMachine(boolean serves, boolean peerMayServe) {
        this(serves ? Stance.SERVE : Stance.HIDE, peerMayServe, false);
    }

    private ExchangeMachine(Stance stance, boolean peerMayServe, boolean governed) {
        this.stance = stance;
        this.provider = new Provider(out, stance == Stance.SERVE, governed);
        this.hearing = new Hearing(new Hearing.Parts(out, life, blobs, getter, provider), peerMayServe);
    }

    /**
     * A conversation over a channel that is not open yet, in which this side sends of groups and trees only what it is
     * permitted to: it asks with {@link ExchangeEffect.Wants}.
     *
     * @param stance to begin with
     * @param peerMayServe whether the peer's credential lets it; where not, it never becomes a source
     */
    public static ExchangeMachine governed(Stance stance, boolean peerMayServe) {
        return new ExchangeMachine(stance, peerMayServe, true);
    }

    /** The channel is open. */
    public List<ExchangeEffect> opened(long now) {
        out.send(new Frame.Hello(
                ExchangeProtocol.VERSION,
                provider.serving(),
                ExchangeProtocol.MAX_FRAME_BYTES,
                ExchangeProtocol.MAX_REQUESTS));
        blobs.all().forEach(blob -> out.send(new Frame.Open(blob.index, blob.swarm)));
        life.open(now);
        return result(now);
    }

    /** A message came; it is all of {@code message} from position to limit, and owned by the machine from here on. */
    public List<ExchangeEffect> received(ByteBuffer message, long now) {
        if (!life.over()) {
            hearing.hear(message, now);
        }
        return result(now);
    }

    /** The transport has taken this many bytes more of what was sent. */
    public List<ExchangeEffect> handedOver(long bytes, long now) {
        out.taken(bytes);
        if (!life.over()) {
            provider.taken(bytes);
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
        if (!life.over() && blobs.takes(swarm)) {
            Blob blob = blobs.open(swarm, sizeBytes, held);
            if (life.isOpen()) {
                out.send(new Frame.Open(blob.index, swarm));
            }
        }
        return result(now);
    }

    /** Whether a blob of this length can be exchanged at all. */
    public static boolean canName(long sizeBytes) {
        return sizeBytes >= 0 && Blob.groups(sizeBytes) < ExchangeProtocol.MAX_GROUPS;
    }

    /** Closes a blob; its fetches fail as closed. */
    public List<ExchangeEffect> closeBlob(SwarmId swarm, long now) {
        Blob blob = blobs.remove(swarm);
        if (blob != null) {
            getter.close(blob, now);
            blobs.part(blob);
            provider.close(blob);
            if (life.isOpen()) {
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

    /** Gives the peer more or less from now on. What it asked for and no longer gets is refused. */
    public List<ExchangeEffect> stance(Stance now, long nanos) {
        boolean changes = (now == Stance.SERVE) != provider.serving();
        stance = now;
        if (!life.over() && changes) {
            provider.serve(now == Stance.SERVE);
            if (life.greeted() && provider.serving()) {
                // What is held first, so that the peer asks for nothing that is not.
                blobs.tell(nanos);
            }
            if (life.isOpen()) {
                out.send(new Frame.Serving(provider.serving()));
            }
        }
        return result(nanos);
    }

    /**
     * So much of groups and trees may be sent, in answer to {@link ExchangeEffect.Wants}. What is left of it when
     * nothing is asked any more lapses, and is told as {@link ExchangeEffect.Unused}.
     *
     * @param bytes 1 or more
     */
    public List<ExchangeEffect> permit(long bytes, long now) {
        if (life.over()) {
            out.add(new ExchangeEffect.Unused(bytes));
        } else {
            provider.permit(bytes);
        }
        return result(now);
    }

    /**
     * Refuses what the peer has asked for, since others come first.
     *
     * @param retryAfterMillis when to ask again, 0 to 3,600,000
     */
    public List<ExchangeEffect> decline(long retryAfterMillis, long now) {
        if (!life.over()) {
            provider.decline(retryAfterMillis);
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
        if (!life.over()) {
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
        Blob blob = life.draining() ? null : blobs.get(swarm);
        return blob == null || !blob.source ? null : blob;
    }

    private Failure unavailable() {
        return life.draining() && !life.over()
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
        if (!life.over()) {
            provider.read(read, bytes);
        }
        return result(now);
    }

    /** Shows the peer a credential of this side. */
    public List<ExchangeEffect> showCredential(ByteBuffer encoded, long now) {
        if (!life.over()) {
            out.send(new Frame.Credential(encoded));
        }
        return result(now);
    }

    /** Takes no new fetch, lets those under way finish for a while, then closes and asks for a fresh connection. */
    public List<ExchangeEffect> drain(long now) {
        life.drain(now);
        return result(now);
    }

    /** Says goodbye and ends. */
    public List<ExchangeEffect> leave(long now) {
        life.goodbye(Frame.Bye.Parting.LEAVING, "left", Ending.PARTED);
        return result(now);
    }

    /** The channel is gone. */
    public List<ExchangeEffect> lost(long now) {
        life.end(
                new Failure(SourceException.Reason.UNREACHABLE, "connection to the peer broke"),
                "connection broke",
                Ending.RECONNECT);
        return result(now);
    }

    /** The time asked for has come. */
    public List<ExchangeEffect> wake(long now) {
        wakeAsked = Long.MAX_VALUE;
        if (!life.over() && !getter.wake(now)) {
            life.goodbye(Frame.Bye.Parting.LEAVING, "peer delivers nothing", Ending.PARTED);
        }
        return result(now);
    }

    private void ended(Failure failure) {
        provider.end();
        getter.endAll(failure);
        blobs.end();
    }

    private List<ExchangeEffect> result(long now) {
        if (!life.over()) {
            life.check(life.draining() && getter.idle(), now);
        }
        if (!life.over() && out.clogged()) {
            life.end(
                    new Failure(SourceException.Reason.CLOSED, "peer takes nothing"),
                    "peer takes nothing of what it is sent",
                    Ending.PARTED);
        }
        if (!life.over()) {
            boolean tells = stance != Stance.HIDE && life.greeted();
            long tellNanos = tells ? blobs.tell(now) : Long.MAX_VALUE;
            provider.seen(now);
            provider.askForLeave();
            askToWake(Math.min(tellNanos, Math.min(getter.wakeNanos(), life.wakeNanos())));
        }
        return out.drain();
    }

    private void askToWake(long at) {
        if (at < wakeAsked) {
            wakeAsked = at;
            out.add(new ExchangeEffect.WakeAt(at));
        }
    }
}
