package io.runnel.p2p.signalling;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.CredentialException;
import io.runnel.crypto.identity.PeerCredential;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whose credential admits a peer to what, and until when: nothing is said of a swarm to who is not admitted to it. */
final class Admissions {
    private static final long FRESH_MILLIS = 120_000;

    /** How long a connection outlives the peer's last credential, for a renewal under way. */
    private static final long GRACE_MILLIS = 30_000;

    private final VerifyingKey self;
    private final Map<SwarmId, Entry> entries;
    private final ServerClock clock;

    Admissions(VerifyingKey self, Map<SwarmId, Entry> entries, ServerClock clock) {
        this.self = self;
        this.entries = entries;
        this.clock = clock;
    }

    boolean mayKnow(Peer peer, SwarmId swarm, long now) {
        Entry entry = entries.get(swarm);
        if (entry == null) {
            return false;
        }
        Long until = peer.admitted.get(entry.authority());
        return until != null && clock.millis(now) < until + GRACE_MILLIS;
    }

    /** Whether the peer is admitted to no swarm any more that both are in. */
    boolean lapsed(Peer peer, long now) {
        return peer.swarms.stream().noneMatch(swarm -> mayKnow(peer, swarm, now));
    }

    /** The peer's credential, if everything about the description is right; remembers the admission. */
    @Nullable PeerCredential check(Peer peer, Entry entry, PeerSignal.Description description, long now) {
        long serverMillis = clock.millis(now);
        boolean good = description.to().equals(self)
                && Math.abs(description.timeMillis() - serverMillis) <= FRESH_MILLIS
                && Sdp.acceptable(description.sdp());
        PeerCredential credential = good ? verified(peer, entry, description.credential(), serverMillis) : null;
        boolean signed = credential != null && PeerSignal.signedBy(peer.key, entry.ticket.swarm(), description);
        if (credential == null || !signed) {
            return null;
        }
        peer.admitted.put(entry.authority(), credential.notAfterMillis());
        return credential;
    }

    /** The swarms a shown credential admits the peer to, or for longer; remembers the admissions. */
    List<SwarmId> shown(Peer peer, ByteBuffer encoded, long now) {
        List<SwarmId> admitted = new ArrayList<>();
        for (Entry entry : entries.values()) {
            PeerCredential credential = verified(peer, entry, encoded, clock.millis(now));
            if (credential != null) {
                peer.admitted.merge(entry.authority(), credential.notAfterMillis(), Math::max);
                admitted.add(entry.ticket.swarm());
            }
        }
        return admitted;
    }

    private static @Nullable PeerCredential verified(Peer peer, Entry entry, ByteBuffer encoded, long serverMillis) {
        try {
            PeerCredential credential =
                    PeerCredential.verify(PeerSignal.bytes(encoded), entry.ticket.issuer(), serverMillis);
            boolean fits =
                    credential.peerKey().equals(peer.key) && credential.scope().equals(entry.own.scope());
            return fits ? credential : null;
        } catch (CredentialException e) {
            return null;
        }
    }
}
