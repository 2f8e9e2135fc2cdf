package io.runnel.devserver.keys;

import io.runnel.crypto.ClientId;
import io.runnel.crypto.VerifyingKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One channel to a client. Owned by the {@link KeysMachine}. */
final class Session {
    final long id;
    /** When {@code hello} is late. */
    final long helloByMillis;
    /** How far ahead of an epoch this session is told of it: each its own, so that not all are told at once. */
    final long leadMillis;

    @Nullable Client client;

    long lastEpochTold = -1;

    Session(long id, long helloByMillis, long leadMillis) {
        this.id = id;
        this.helloByMillis = helloByMillis;
        this.leadMillis = leadMillis;
    }

    /**
     * Who said hello.
     *
     * @param name as the app server knows it
     * @param id as envelopes bind it
     * @param peerKey where it wants to enter swarms
     */
    record Client(String name, ClientId id, Optional<VerifyingKey> peerKey) {}
}
