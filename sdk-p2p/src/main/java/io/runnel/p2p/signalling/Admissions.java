package io.runnel.p2p.signalling;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.CredentialException;
import io.runnel.crypto.identity.PeerCredential;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        PeerCredential credential =
                good ? verified(peer, entry.ticket.issuer(), description.credential(), serverMillis) : null;
        boolean fits = credential != null && credential.scope().equals(entry.own.scope());
        boolean signed = fits && PeerSignal.signedBy(peer.key, entry.ticket.swarm(), description);
        if (credential == null || !signed) {
            return null;
        }
        admit(peer, entry.authority(), credential, description.credential());
        return credential;
    }

    /**
     * The swarms a shown credential admits the peer to, or for longer; remembers the admission. However many swarms there
     * are, a signature is checked once for each issuer at most: of all in one app there is one.
     */
    List<SwarmId> shown(Peer peer, ByteBuffer encoded, long now) {
        Set<VerifyingKey> issuers = new HashSet<>();
        entries.values().forEach(entry -> issuers.add(entry.ticket.issuer()));
        for (VerifyingKey issuer : issuers) {
            PeerCredential credential = verified(peer, issuer, encoded, clock.millis(now));
            if (credential != null) {
                Authority authority = new Authority(issuer, credential.scope());
                List<SwarmId> swarms = swarmsOf(authority);
                if (!swarms.isEmpty()) {
                    admit(peer, authority, credential, encoded);
                }
                return swarms;
            }
        }
        return List.of();
    }

    private List<SwarmId> swarmsOf(Authority authority) {
        return entries.values().stream()
                .filter(entry -> entry.authority().equals(authority))
                .map(entry -> entry.ticket.swarm())
                .toList();
    }

    private static void admit(Peer peer, Authority authority, PeerCredential credential, ByteBuffer encoded) {
        peer.admitted.merge(authority, credential.notAfterMillis(), Math::max);
        peer.shown.admitted(encoded);
    }

    /** What the issuer says of this peer now; null where it says nothing. */
    private static @Nullable PeerCredential verified(
            Peer peer, VerifyingKey issuer, ByteBuffer encoded, long serverMillis) {
        try {
            PeerCredential credential = PeerCredential.verify(PeerSignal.bytes(encoded), issuer, serverMillis);
            return credential.peerKey().equals(peer.key) ? credential : null;
        } catch (CredentialException e) {
            return null;
        }
    }
}
