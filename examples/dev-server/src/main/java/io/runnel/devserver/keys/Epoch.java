package io.runnel.devserver.keys;

import io.runnel.crypto.ClientId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.keys.EpochRoot;
import io.runnel.http.keys.message.ServerMessage;

/**
 * One epoch and the secret all its keys come from. The secret is drawn for this epoch alone, so that nothing of a later
 * or an earlier one tells of it.
 */
final class Epoch implements AutoCloseable {
    private final long id;
    private final long notBefore;
    private final long notAfter;
    private final long graceUntil;
    private final EpochRoot root = EpochRoot.random();

    Epoch(long id, long notBefore, long notAfter, long graceUntil) {
        this.id = id;
        this.notBefore = notBefore;
        this.notAfter = notAfter;
        this.graceUntil = graceUntil;
    }

    long id() {
        return id;
    }

    long notBefore() {
        return notBefore;
    }

    long notAfter() {
        return notAfter;
    }

    long graceUntil() {
        return graceUntil;
    }

    /** The client's key; owned by the caller. */
    SecretBytes keyFor(ClientId client) {
        return root.clientEpochKey(id, client);
    }

    /** What tells the client of this epoch; owned by the caller. */
    ServerMessage.Epoch messageFor(ClientId client) {
        return new ServerMessage.Epoch(id, notBefore, notAfter, graceUntil, keyFor(client));
    }

    /** Wipes the secret. */
    @Override
    public void close() {
        root.close();
    }
}
