package io.runnel.devserver.tracker;

import io.runnel.crypto.VerifyingKey;
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
    long notAfterMillis;
    /** Its place in the swarm's list. */
    int index;

    Member(long connection, VerifyingKey peer, Swarm swarm, long notAfterMillis) {
        this.connection = connection;
        this.peer = peer;
        this.swarm = swarm;
        this.notAfterMillis = notAfterMillis;
    }

    boolean hasRoom() {
        return acquaintances.size() < MAX_ACQUAINTANCES;
    }
}
