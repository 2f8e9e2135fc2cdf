package io.runnel.p2p.signalling;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Another peer, as far as this side knows it. */
final class Peer {
    /** Sessions remembered against replay. */
    private static final int MAX_SESSIONS = 16;

    /** How far a connection has come. */
    enum Phase {
        /** Nothing under way. */
        KNOWN,
        /** Asked to make an offer. */
        INVITED,
        /** A link makes or has made an offer. */
        OFFERING,
        /** Both descriptions are there, or the answer is being made. */
        CONNECTING,
        /** Messages flow. */
        CONNECTED
    }

    final VerifyingKey key;
    final Past past;

    /** Swarms the peer is in, by the tracker's word or its own. */
    final Set<SwarmId> swarms = new HashSet<>();

    /** Those of them that the tracker says it has left, while a connection still proved the contrary. */
    final Set<SwarmId> goneFrom = new HashSet<>();

    /** Until when, in server time, the peer is admitted by whom. */
    final Map<Authority, Long> admitted = new HashMap<>();

    final ShownCredentials shown = new ShownCredentials();

    Phase phase = Phase.KNOWN;

    @Nullable SessionId session;

    /** The swarm the attempt is signalled in. */
    @Nullable SwarmId via;

    /** Since when it is connected, if it is. */
    long connectedNanos;

    /** Of the connection there is, or of the last one. */
    Worth worth = new Worth(0);

    long phaseEndsNanos = Long.MAX_VALUE;
    long retryAtNanos;

    /** Until when a connection is kept though no swarm needs it. */
    long idleUntilNanos;

    /** Attempts, and connections that ended soon after they opened, since one that lived for a while. */
    int failures;

    private final Deque<SessionId> seen = new ArrayDeque<>();

    Peer(VerifyingKey key, Past past) {
        this.key = key;
        this.past = past;
    }

    boolean busy() {
        return phase != Phase.KNOWN;
    }

    /** An answer is to come through the tracker. */
    boolean awaitsAnswer() {
        return phase == Phase.INVITED || phase == Phase.OFFERING;
    }

    void enter(Phase next, @Nullable SessionId with, long endsNanos) {
        phase = next;
        session = with;
        phaseEndsNanos = endsNanos;
    }

    /** Its connection is to end, or the attempt at one. */
    void drop(List<SignallingEffect> out) {
        if (session != null) {
            out.add(new SignallingEffect.Drop(key, session));
        }
        enter(Phase.KNOWN, null, Long.MAX_VALUE);
    }

    /** Connected for no swarm any more. */
    boolean idle() {
        return busy() && swarms.isEmpty();
    }

    /** The tracker may say so of any number of swarms; only of those the peer is in is it remembered. */
    void saidGone(SwarmId swarm) {
        if (swarms.contains(swarm)) {
            goneFrom.add(swarm);
        }
    }

    boolean in(Phase expected, SessionId with) {
        return phase == expected && with.equals(session);
    }

    /** Whether the session is new; it is remembered. */
    boolean firstTime(SessionId id) {
        if (seen.contains(id)) {
            return false;
        }
        if (seen.size() == MAX_SESSIONS) {
            seen.removeFirst();
        }
        seen.addLast(id);
        return true;
    }
}
