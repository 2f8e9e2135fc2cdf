package io.runnel.devserver.tracker;

import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.PeerCredential;
import java.util.LinkedHashSet;
import java.util.Set;

/** One peer in one swarm. Owned by the {@link TrackerMachine}. */
final class Member {
    /** How many others a member may be told of and told to, so that a leaving member costs bounded work. */
    static final int MAX_ACQUAINTANCES = 256;

    final long connection;
    final VerifyingKey peer;
    final Swarm swarm;
    final Set<Member> acquaintances = new LinkedHashSet<>();
    /** The newest it showed. */
    PeerCredential credential;
    /** Its place in the swarm's list. */
    int index;
    /** Its place among those who serve; -1 where it does not. */
    int seat = -1;

    Member(long connection, PeerCredential credential, Swarm swarm) {
        this.connection = connection;
        this.peer = credential.peerKey();
        this.swarm = swarm;
        this.credential = credential;
    }

    boolean hasRoom() {
        return acquaintances.size() < MAX_ACQUAINTANCES;
    }
}
