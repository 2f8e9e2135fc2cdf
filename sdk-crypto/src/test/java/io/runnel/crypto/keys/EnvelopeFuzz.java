package io.runnel.crypto.keys;

import static org.assertj.core.api.Assertions.fail;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.ClientId;
import io.runnel.crypto.Mutations;
import io.runnel.crypto.SecretBytes;
import org.junit.jupiter.api.Test;

class EnvelopeFuzz {
    private static final int CASES = 40_000;
    private static final long SEED = 20261122;

    @Test
    void open_foreignBytes_isRefusedWithAReason() {
        Mutations mutations = new Mutations(SEED);
        ClientId client = ClientIds.ofName("viewer");
        BlobId blob = BlobId.of(new byte[32]);
        try (EpochRoot root = EpochRoot.random();
                SecretBytes key = root.clientEpochKey(1, client);
                SecretBytes blobKey = SecretBytes.random(32);
                EpochKeyring keyring = new EpochKeyring()) {
            keyring.add(new EpochWindow(1, 0, 1000, 1000), root.clientEpochKey(1, client));
            byte[] valid = Envelopes.seal(new EnvelopeHeader(1, blob, client, 1000, 40), key, blobKey);
            for (int i = 0; i < CASES; i++) {
                byte[] foreign = mutations.of(valid);
                try {
                    Envelopes.open(foreign, client, blob, keyring, 500).close();
                    fail("seed %d, case %d was accepted", SEED, i);
                } catch (EnvelopeException e) {
                    // Refused, as it must be.
                }
            }
        }
    }
}
