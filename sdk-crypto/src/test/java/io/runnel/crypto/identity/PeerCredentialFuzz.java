package io.runnel.crypto.identity;

import static org.assertj.core.api.Assertions.fail;

import io.runnel.crypto.Mutations;
import io.runnel.crypto.SecretBytes;
import org.junit.jupiter.api.Test;

class PeerCredentialFuzz {
    private static final int CASES = 5_000;
    private static final long SEED = 20261122;

    @Test
    void verify_foreignBytes_isRefusedWithAReason() {
        Mutations mutations = new Mutations(SEED);
        try (SigningIdentity issuer = SigningIdentity.generate();
                SigningIdentity peer = SigningIdentity.generate();
                SecretBytes secret = SecretBytes.random(32)) {
            byte[] valid = new PeerCredential(
                            true, CredentialSerial.random(), peer.publicKey(), SwarmIds.scope(secret), 0, 1000)
                    .issue(issuer);
            for (int i = 0; i < CASES; i++) {
                byte[] foreign = mutations.of(valid);
                try {
                    PeerCredential.verify(foreign, issuer.publicKey(), 500);
                    fail("seed %d, case %d was accepted", SEED, i);
                } catch (CredentialException e) {
                    // Refused, as it must be.
                }
            }
        }
    }
}
