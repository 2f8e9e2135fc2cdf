package io.runnel.devserver.keys;

import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.SigningIdentity;

/** Who the app server is and what it knows: whom it lets in, the keys of the blobs, what it signs with. */
public final class AppServer implements AutoCloseable {
    private final AccessCheck access;
    private final BlobKeys blobs;
    private final Credentials credentials;

    /**
     * An app server.
     *
     * @param issuer signs peer credentials; owned from here on
     * @param collectionSecret names the collection's swarms; 32 bytes, owned from here on
     */
    public AppServer(AccessCheck access, BlobKeys blobs, SigningIdentity issuer, SecretBytes collectionSecret) {
        this.access = access;
        this.blobs = blobs;
        this.credentials = new Credentials(issuer, collectionSecret);
    }

    /** The key that signs peer credentials. */
    public VerifyingKey issuerKey() {
        return credentials.issuerKey();
    }

    KeysMachine.Ports ports() {
        return new KeysMachine.Ports(access, blobs, credentials);
    }

    /** Wipes the secrets. */
    @Override
    public void close() {
        credentials.close();
    }
}
