package io.runnel.devserver.keys;

import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.CredentialSerial;
import io.runnel.crypto.identity.SigningIdentity;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who the app server is and what it knows: whom it lets in, the keys of the blobs, what it signs with. */
public final class AppServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AppServer.class);

    private final AccessCheck access;
    private final BlobKeys blobs;
    private final Credentials credentials;

    /**
     * An app server.
     *
     * @param issuerSeed the secret of the key that signs peer credentials; not kept
     * @param collectionSecret names the collection's swarms; 32 bytes, owned from here on
     */
    public AppServer(AccessCheck access, BlobKeys blobs, SecretBytes issuerSeed, SecretBytes collectionSecret) {
        this.access = access;
        this.blobs = blobs;
        this.credentials = new Credentials(
                SigningIdentity.fromSeed(issuerSeed), collectionSecret, new CredentialSerials(issuerSeed));
    }

    /** The key that signs peer credentials. */
    public VerifyingKey issuerKey() {
        return credentials.issuerKey();
    }

    /** Whether the credential was issued to this client. */
    public boolean issuedTo(String client, CredentialSerial serial) {
        return credentials.serials().isOf(serial, client);
    }

    /** Whether the credential was issued to a client that was revoked since; true also where that cannot be read. */
    public boolean revoked(CredentialSerial serial) {
        try {
            return access.revoked().stream().anyMatch(client -> issuedTo(client, serial));
        } catch (IOException e) {
            LOG.warn("the dev server cannot read its revocations: it admits nobody to swarms", e);
            return true;
        }
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
