package io.runnel.keys;

import io.runnel.crypto.BlobId;
import java.util.concurrent.CompletableFuture;

/** Where the right to enter a blob's swarm comes from: in production the keys channel. */
public interface SwarmAdmission {
    /**
     * Obtains a ticket with a credential that is valid now. Returns at once, on any thread; asked again before the
     * credential expires.
     *
     * @return the ticket, or fails with a {@link KeyException}
     */
    CompletableFuture<SwarmTicket> ticket(BlobId id);
}
