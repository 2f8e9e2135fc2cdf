package io.runnel.devserver.keys;

import io.runnel.crypto.CollectionScope;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.PeerCredential;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.crypto.identity.SwarmIds;
import io.runnel.http.keys.message.ServerMessage.SwarmAccess;
import java.nio.ByteBuffer;

/** Admits peers to the swarms of one collection. Safe for use on any thread. */
final class Credentials implements AutoCloseable {
    /** How far a credential reaches back, for verifiers whose clock is behind. */
    private static final long SKEW_MILLIS = 120_000;

    private static final long LIFE_MILLIS = PeerCredential.MAX_VALIDITY_MILLIS - SKEW_MILLIS;

    private final SigningIdentity issuer;
    private final SecretBytes collectionSecret;
    private final CollectionScope scope;
    private final CredentialSerials serials;

    /**
     * Credentials of one issuer; all three are owned from here on.
     *
     * @param serials say whose each is
     */
    Credentials(SigningIdentity issuer, SecretBytes collectionSecret, CredentialSerials serials) {
        this.issuer = issuer;
        this.serials = serials;
        this.collectionSecret = collectionSecret;
        this.scope = SwarmIds.scope(collectionSecret);
    }

    VerifyingKey issuerKey() {
        return issuer.publicKey();
    }

    CredentialSerials serials() {
        return serials;
    }

    /** A fresh credential for this peer of a client. */
    Issued issue(String client, VerifyingKey peer, long nowMillis) {
        long notAfter = nowMillis + LIFE_MILLIS;
        PeerCredential credential =
                new PeerCredential(true, serials.of(client), peer, scope, nowMillis - SKEW_MILLIS, notAfter);
        return new Issued(ByteBuffer.wrap(credential.issue(issuer)), notAfter);
    }

    /** All a peer of a client needs to enter swarms; owned by the caller. */
    SwarmAccess access(String client, VerifyingKey peer, long nowMillis) {
        Issued issued = issue(client, peer, nowMillis);
        return new SwarmAccess(collectionSecret.copy(), issuerKey(), issued.encoded(), issued.notAfterMillis());
    }

    @Override
    public void close() {
        issuer.close();
        collectionSecret.close();
        serials.close();
    }

    /**
     * A credential that was issued.
     *
     * @param encoded as it goes over the wire
     * @param notAfterMillis when it ends, in milliseconds since 1970
     */
    record Issued(ByteBuffer encoded, long notAfterMillis) {}
}
