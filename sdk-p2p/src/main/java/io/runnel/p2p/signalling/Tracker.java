package io.runnel.p2p.signalling;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.keys.SwarmTicket;
import io.runnel.p2p.signalling.message.ClientMessage;
import io.runnel.p2p.signalling.message.SwarmProtocol;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The channel to the tracker, shared by all swarms: connected while there is a swarm and a little longer, and again a
 * while after it was lost.
 */
final class Tracker {
    private static final long PING_NANOS = TimeUnit.SECONDS.toNanos(20);

    /**
     * How long a ping may be followed by nothing at all before the channel counts as dead, and how long after one ping the
     * next may be sent. A loaded tracker that answers after 3 s is kept, and a packet that was lost is sent again several
     * times. Who reads waits 30 s for somebody to deliver: the 8 s or so until links are known to be dead, this, and new
     * connections to tracker and peers are to be over well before.
     */
    private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** How long the first word may take. More than an answer: to a tracker that was restarted all come at once. */
    private static final long GREETING_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** How long the channel outlives the last swarm: whoever ends one blob often begins another. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private enum State {
        DOWN,
        CONNECTING,
        GREETING,
        UP
    }

    private final SigningIdentity identity;
    private final int want;
    private final RandomGenerator random;
    private final List<SignallingEffect> out;
    private State state = State.DOWN;
    private boolean serves;
    private @Nullable ByteBuffer nonce;
    private int failures;
    private long connectAtNanos;
    private long pingAtNanos;

    /** The earliest time for a ping. */
    private long pingFromNanos;

    /** When the channel is given up unless something is heard. */
    private long hearByNanos;

    private long idleSinceNanos = Long.MAX_VALUE;

    /** Whether this side ended the channel because nothing needed it. */
    private boolean parted;

    Tracker(SigningIdentity identity, int want, RandomGenerator random, List<SignallingEffect> out) {
        this.identity = identity;
        this.want = want;
        this.random = random;
        this.out = out;
    }

    boolean up() {
        return state == State.UP;
    }

    /** Whether that is news, which joins are to tell. */
    boolean serve(boolean now) {
        boolean news = serves != now;
        serves = now;
        return news;
    }

    void opened(long now) {
        state = State.GREETING;
        hearByNanos = now + GREETING_NANOS;
        pingFromNanos = now + ANSWER_NANOS;
        pingAtNanos = now + PING_NANOS;
    }

    void closed(long now) {
        state = State.DOWN;
        nonce = null;
        if (!parted) {
            failures++;
            connectAtNanos = now + Backoff.nanos(failures, random);
        }
        parted = false;
    }

    /** Whatever it is, the channel is not dead. */
    void heard() {
        hearByNanos = Long.MAX_VALUE;
    }

    /** Something suggests that the channel is dead: a ping is to show it, now or as soon as one may be sent. */
    void doubt() {
        pingAtNanos = Math.min(pingAtNanos, pingFromNanos);
    }

    /** The first message; joins every swarm. */
    void challenged(ByteBuffer fresh, Collection<Entry> entries) {
        if (state != State.GREETING) {
            disconnect(SwarmProtocol.CLOSE_PROTOCOL, "a second challenge");
            return;
        }
        nonce = fresh;
        state = State.UP;
        entries.forEach(entry -> join(entry.ticket));
    }

    /** A join was accepted: the tracker is well. */
    void welcomed() {
        failures = 0;
    }

    void join(SwarmTicket ticket) {
        ByteBuffer challenge = nonce;
        if (challenge == null || state != State.UP) {
            return;
        }
        byte[] signature = identity.sign(
                SwarmProtocol.JOIN_CONTEXT,
                PeerSignal.bytes(challenge),
                ticket.swarm().bytes(),
                PeerSignal.bytes(ticket.credential()));
        say(new ClientMessage.Join(ticket.swarm(), ticket.credential(), ByteBuffer.wrap(signature), want, serves));
    }

    void announce(SwarmId swarm) {
        say(new ClientMessage.Announce(swarm, want));
    }

    void leave(SwarmId swarm) {
        say(new ClientMessage.Leave(swarm));
    }

    void say(ClientMessage message) {
        if (state == State.UP) {
            out.add(new SignallingEffect.Say(message));
        }
    }

    void disconnect(int code, String reason) {
        if (state == State.GREETING || state == State.UP) {
            state = State.CONNECTING;
            out.add(new SignallingEffect.Disconnect(code, reason));
        }
    }

    /** No swarm will follow the last one soon: the channel does not outlive it. */
    void part(long now) {
        idleSinceNanos = now - IDLE_NANOS;
    }

    void wake(boolean wanted, long now) {
        if (wanted) {
            idleSinceNanos = Long.MAX_VALUE;
        } else if (idleSinceNanos == Long.MAX_VALUE) {
            idleSinceNanos = now;
        }
        if (state == State.DOWN && wanted && now >= connectAtNanos) {
            state = State.CONNECTING;
            out.add(new SignallingEffect.Connect());
        } else if (state == State.GREETING || state == State.UP) {
            if (!wanted && now - idleSinceNanos >= IDLE_NANOS) {
                parted = true;
                disconnect(1000, "no swarm left");
            } else if (now >= hearByNanos) {
                disconnect(1000, "silence");
            } else if (now >= pingAtNanos) {
                ping(now);
            }
        }
    }

    private void ping(long now) {
        hearByNanos = now + ANSWER_NANOS;
        pingFromNanos = now + ANSWER_NANOS;
        pingAtNanos = now + PING_NANOS;
        say(new ClientMessage.Ping());
    }

    long wakeNanos(boolean wanted) {
        return switch (state) {
            case DOWN -> wanted ? connectAtNanos : Long.MAX_VALUE;
            case CONNECTING -> Long.MAX_VALUE;
            case GREETING, UP ->
                Math.min(wanted ? Long.MAX_VALUE : idleSinceNanos + IDLE_NANOS, Math.min(pingAtNanos, hearByNanos));
        };
    }
}
