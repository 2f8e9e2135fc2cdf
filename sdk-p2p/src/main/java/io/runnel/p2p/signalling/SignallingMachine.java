package io.runnel.p2p.signalling;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.CredentialException;
import io.runnel.crypto.identity.PeerCredential;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.keys.SwarmTicket;
import io.runnel.p2p.signalling.message.ServerMessage;
import io.runnel.p2p.signalling.message.SwarmProtocol;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Membership in swarms and the making of connections. Every input comes with the time, in nanoseconds since any moment
 * before the first input, and returns what is to be done, in order. Not thread-safe.
 *
 * <p>The channel to the tracker is {@code Tracker}'s part, who to connect to and in which state each connection is
 * {@code Peers}', who gives way to whom {@code Places}', who may know what {@code Admissions}' and {@code Introductions}';
 * this class holds the swarms entered and passes messages between them.
 */
public final class SignallingMachine {
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** How long a ticket that was asked for may take to come, before it is asked for once more. */
    private static final long ANSWER_NANOS = 3 * RETRY_NANOS;

    private static final long ANNOUNCE_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final List<SignallingEffect> out = new ArrayList<>();
    private final Map<SwarmId, Entry> entries = new HashMap<>();

    /** Swarms for which no good ticket has come yet. */
    private final Map<SwarmId, Awaited> awaited = new HashMap<>();

    private final ServerClock clock = new ServerClock();
    private final RandomGenerator random;
    private final Tracker tracker;
    private final Peers peers;
    private long wakeAsked = Long.MAX_VALUE;

    /**
     * A machine without a swarm, of a side that does not serve.
     *
     * @param identity this side's peer key, which the credentials of all tickets name
     * @param maxPeers connections sought in a swarm, 1 to {@link SwarmProtocol#MAX_PEERS}; twice as many are accepted
     * @param connectNanos how long an attempt may take
     * @param random for sessions, nonces and jitter; cryptographically strong in production
     */
    public SignallingMachine(SigningIdentity identity, int maxPeers, long connectNanos, RandomGenerator random) {
        this.random = random;
        this.tracker = new Tracker(identity, Math.min(SwarmProtocol.MAX_PEERS, 2 * maxPeers), random, out);
        this.peers =
                new Peers(new Peers.Setting(identity, maxPeers, connectNanos, random, clock), entries, tracker, out);
    }

    /** A ticket came: enters the swarm, or renews the membership. A ticket that is no good is asked for again. */
    public List<SignallingEffect> enter(SwarmTicket ticket, long now) {
        Entry entry = entries.get(ticket.swarm());
        long renewAt = now + RETRY_NANOS;
        try {
            long serverMillis = ticket.serverTime().toEpochMilli();
            PeerCredential own =
                    PeerCredential.verify(PeerSignal.bytes(ticket.credential()), ticket.issuer(), serverMillis);
            clock.learn(serverMillis, now);
            long left = own.notAfterMillis() - serverMillis;
            renewAt = now + Math.max(RETRY_NANOS / 10, TimeUnit.MILLISECONDS.toNanos(left) / 2);
            if (entry == null) {
                entry = new Entry(ticket, own, renewAt);
                entries.put(ticket.swarm(), entry);
                awaited.remove(ticket.swarm());
            } else {
                entry.ticket = ticket;
                entry.own = own;
                peers.introductions().renewed(ticket);
            }
            tracker.join(ticket);
        } catch (CredentialException e) {
            // Nothing to enter with; the next ticket may be better.
            if (entry == null) {
                awaited.computeIfAbsent(ticket.swarm(), each -> new Awaited()).failed(now, random);
            }
        }
        if (entry != null) {
            entry.renewAtNanos = renewAt;
        }
        return result(now);
    }

    /** Whether this side uploads, and so takes a seat in each swarm. */
    public List<SignallingEffect> serve(boolean serves, long now) {
        if (tracker.serve(serves)) {
            entries.values().forEach(entry -> tracker.join(entry.ticket));
        }
        return result(now);
    }

    /** No ticket could be had; the one there goes on until it ends, and another will be asked for. */
    public List<SignallingEffect> ticketFailed(SwarmId swarm, long now) {
        Entry entry = entries.get(swarm);
        if (entry != null) {
            entry.renewAtNanos = now + RETRY_NANOS + random.nextLong(RETRY_NANOS);
        }
        Awaited ticket = awaited.get(swarm);
        if (ticket != null) {
            ticket.failed(now, random);
        }
        return result(now);
    }

    /** Leaves a swarm; connections without another swarm in common are dropped soon. */
    public List<SignallingEffect> leave(SwarmId swarm, long now) {
        awaited.remove(swarm);
        if (entries.remove(swarm) != null) {
            tracker.leave(swarm);
            peers.left(swarm, now);
        }
        return result(now);
    }

    /** Ends the channel to the tracker at once; after the last swarm was left. */
    public List<SignallingEffect> part(long now) {
        tracker.part(now);
        return result(now);
    }

    /** The channel to the tracker is open. */
    public List<SignallingEffect> trackerOpened(long now) {
        tracker.opened(now);
        peers.trackerOpened();
        return result(now);
    }

    /** The channel to the tracker ended, or could not be opened. Connections live on; what awaited an answer begins anew. */
    public List<SignallingEffect> trackerClosed(long now) {
        tracker.closed(now);
        peers.trackerClosed();
        return result(now);
    }

    /** The tracker said something. */
    public List<SignallingEffect> heard(ServerMessage message, long now) {
        tracker.heard();
        message.deliver(new Listener(now));
        return result(now);
    }

    /** The tracker said something that is no message. */
    public List<SignallingEffect> heardNonsense(long now) {
        tracker.disconnect(SwarmProtocol.CLOSE_PROTOCOL, "malformed message");
        return result(now);
    }

    /** The tracker sent more than can be read, of which some is missing. */
    public List<SignallingEffect> heardTooMuch(long now) {
        tracker.disconnect(SwarmProtocol.CLOSE_RATE, "too many messages");
        return result(now);
    }

    /** A link has its description. */
    public List<SignallingEffect> described(VerifyingKey peer, SessionId session, String sdp, long now) {
        peers.described(peer, session, sdp, now);
        return result(now);
    }

    /** A link is open. */
    public List<SignallingEffect> linkOpened(VerifyingKey peer, SessionId session, long now) {
        peers.opened(peer, session, now);
        return result(now);
    }

    /**
     * A link has ended as one of both sides wanted, or was given up on this side.
     *
     * @param reconnect whether a fresh one is wanted at once; where the last ones ended soon too, it is made after a while
     */
    public List<SignallingEffect> linkEnded(VerifyingKey peer, SessionId session, boolean reconnect, long now) {
        peers.ended(peer, session, reconnect, now);
        return result(now);
    }

    /**
     * A link broke without a farewell. Where it was open a fresh one is wanted at once, as far as the last ones lived, and this side's own line may be
     * the cause, so that the channel to the tracker is dead too.
     */
    public List<SignallingEffect> linkLost(VerifyingKey peer, SessionId session, long now) {
        peers.lost(peer, session, now);
        return result(now);
    }

    /** A connected peer has a swarm open. */
    public List<SignallingEffect> peerOpened(VerifyingKey peer, SwarmId swarm, long now) {
        peers.introductions().opened(peer, swarm, now);
        return result(now);
    }

    /** A connected peer shows a credential. */
    public List<SignallingEffect> credentialShown(VerifyingKey peer, ByteBuffer encoded, long now) {
        peers.introductions().shown(peer, encoded, now);
        return result(now);
    }

    /**
     * What connections have carried, in answer to {@link SignallingEffect.Weigh}. Where there is no place left, one that was
     * of no use for a minute gives way to who asks for one, and, while peers bring less than half of what comes, to who
     * could be asked.
     *
     * @param gainedBytes what this side has got of the blobs it wants to have from peers, from anyone, since any moment
     * @param traffic of each connection that is open
     */
    public List<SignallingEffect> weighed(long gainedBytes, Map<VerifyingKey, Traffic> traffic, long now) {
        peers.weighed(gainedBytes, traffic, now);
        return result(now);
    }

    /** Never again in this session. */
    public List<SignallingEffect> ban(VerifyingKey peer, long now) {
        peers.ban(peer);
        return result(now);
    }

    /** The time asked for has come. */
    public List<SignallingEffect> wake(long now) {
        wakeAsked = Long.MAX_VALUE;
        return result(now);
    }

    private List<SignallingEffect> result(long now) {
        tracker.wake(!entries.isEmpty(), now);
        for (Entry entry : entries.values()) {
            if (now >= entry.renewAtNanos) {
                entry.renewAtNanos = now + ANSWER_NANOS;
                out.add(new SignallingEffect.Renew(entry.ticket.swarm()));
            }
            if (now >= entry.announceAtNanos) {
                announce(entry, now);
            }
        }
        awaited.forEach((swarm, ticket) -> {
            if (now >= ticket.askAtNanos) {
                ticket.askAtNanos = now + ANSWER_NANOS;
                out.add(new SignallingEffect.Renew(swarm));
            }
        });
        peers.wake(now);
        askToWake();
        List<SignallingEffect> effects = List.copyOf(out);
        out.clear();
        return effects;
    }

    private void announce(Entry entry, long now) {
        entry.announceAtNanos = now + ANNOUNCE_NANOS + random.nextLong(ANNOUNCE_NANOS);
        if (peers.wantsMore(entry.ticket.swarm())) {
            tracker.announce(entry.ticket.swarm());
        }
    }

    private void askToWake() {
        long at = Math.min(tracker.wakeNanos(!entries.isEmpty()), peers.wakeNanos());
        for (Entry entry : entries.values()) {
            at = Math.min(at, Math.min(entry.renewAtNanos, entry.announceAtNanos));
        }
        for (Awaited ticket : awaited.values()) {
            at = Math.min(at, ticket.askAtNanos);
        }
        if (at < wakeAsked) {
            wakeAsked = at;
            out.add(new SignallingEffect.WakeAt(at));
        }
    }

    /** What the tracker says, at one moment. */
    private final class Listener implements ServerMessage.Sink {
        private final long now;

        Listener(long now) {
            this.now = now;
        }

        @Override
        public void challenge(ServerMessage.Challenge message) {
            tracker.challenged(message.nonce(), entries.values());
        }

        @Override
        public void joined(ServerMessage.Joined message) {
            tracker.welcomed();
            Entry entry = entries.get(message.swarm());
            if (entry != null) {
                entry.announceAtNanos = now + ANNOUNCE_NANOS + random.nextLong(ANNOUNCE_NANOS);
            }
        }

        @Override
        public void seated(ServerMessage.Seated message) {
            if (entries.containsKey(message.swarm())) {
                out.add(new SignallingEffect.Seated(message.swarm(), message.seat()));
            }
        }

        @Override
        public void peers(ServerMessage.Peers message) {
            if (entries.containsKey(message.swarm())) {
                message.peers().forEach(key -> peers.introductions().told(key, message.swarm(), now));
            }
        }

        @Override
        public void signal(ServerMessage.Signal message) {
            Entry entry = entries.get(message.swarm());
            PeerSignal signal = PeerSignal.read(message.payload());
            if (entry != null && signal != null) {
                peers.signalled(message.from(), entry, signal, now);
            }
        }

        @Override
        public void gone(ServerMessage.Gone message) {
            peers.gone(message.peer(), message.swarm());
        }

        @Override
        public void pong(ServerMessage.Pong message) {
            // That it came is all there is to it.
        }

        @Override
        public void denied(ServerMessage.Denied message) {
            @Nullable Entry entry = entries.get(message.swarm());
            if (entry == null) {
                return;
            }
            switch (message.reason()) {
                case NOT_AUTHENTIC, EXPIRED -> renewSoon(entry);
                case NOT_MEMBER -> joinAgain(entry);
                case FULL -> entry.announceAtNanos = now + ANNOUNCE_NANOS;
            }
        }

        private void renewSoon(Entry entry) {
            entry.renewAtNanos = Math.min(entry.renewAtNanos, now + RETRY_NANOS / 10);
        }

        /** At once, but not again and again: a join costs a signature, and the tracker may answer each one so. */
        private void joinAgain(Entry entry) {
            if (now >= entry.rejoinAtNanos) {
                entry.rejoinAtNanos = now + RETRY_NANOS;
                tracker.join(entry.ticket);
            } else {
                renewSoon(entry);
            }
        }
    }
}
