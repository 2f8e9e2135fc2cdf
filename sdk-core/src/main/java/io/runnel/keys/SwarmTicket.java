package io.runnel.keys;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * What a peer shows to enter a swarm and to be believed by its members.
 *
 * @param swarm the swarm's name on the wire
 * @param credential the encoded peer credential, signed by the app server: a read-only buffer whose position and limit
 *     nobody moves (duplicate it)
 * @param issuer the app server's key, which signs the credentials of all members of this swarm
 * @param serverTime the app server's time when the ticket is given: whether credentials are valid and signals are fresh
 *     is decided by it, since this machine's own clock may be wrong
 */
public record SwarmTicket(SwarmId swarm, ByteBuffer credential, VerifyingKey issuer, Instant serverTime) {
    /** Keeps a read-only view of the credential. */
    public SwarmTicket {
        credential = credential.asReadOnlyBuffer();
    }
}
