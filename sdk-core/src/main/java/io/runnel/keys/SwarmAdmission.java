package io.runnel.keys;

import io.runnel.crypto.BlobId;
import io.runnel.sharing.SharingMode;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Where the right to enter a blob's swarm comes from: in production the keys channel. */
public interface SwarmAdmission {
    /**
     * Obtains a ticket with a credential that is valid now. Returns at once, on any thread; asked again before the
     * credential expires.
     *
     * @return the ticket, or fails with a {@link KeyException}
     */
    CompletableFuture<SwarmTicket> ticket(BlobId id);

    /**
     * Calls {@code listener} with the mode the app server wants of its clients, each time it says so, from any thread; at
     * once where it has said so already. Where it says nothing, it leaves the choice to the app: {@link SharingMode#ON}.
     * Does nothing where admission comes from no server.
     */
    default void onMode(Consumer<SharingMode> listener) {
        // Nobody to hear from.
    }
}
