package io.runnel.crypto.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.runnel.crypto.CollectionScope;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.CredentialException.Reason;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PeerCredentialTest {
    private static final long START = 1_000_000;

    private final SigningIdentity issuer = SigningIdentity.generate();
    private final SigningIdentity peer = SigningIdentity.generate();
    private final CollectionScope scope = SwarmIds.scope(SecretBytes.random(32));

    private PeerCredential credential(boolean mayUpload) {
        return new PeerCredential(
                mayUpload, CredentialSerial.random(), peer.publicKey(), scope, START, START + 600_000);
    }

    private Reason refusal(byte[] encoded, VerifyingKey by, long nowMillis) {
        return catchThrowableOfType(CredentialException.class, () -> PeerCredential.verify(encoded, by, nowMillis))
                .reason();
    }

    @Test
    void verify_whatWasIssued_givesItBack() throws CredentialException {
        for (boolean mayUpload : new boolean[] {true, false}) {
            PeerCredential credential = credential(mayUpload);
            byte[] encoded = credential.issue(issuer);
            assertThat(encoded).hasSize(PeerCredential.BYTES);
            assertThat(PeerCredential.verify(encoded, issuer.publicKey(), START))
                    .isEqualTo(credential);
        }
    }

    @Test
    void verify_anyByteFlipped_isRefused() {
        byte[] encoded = credential(true).issue(issuer);
        Random random = new Random(1);
        for (int i = 0; i < encoded.length; i++) {
            byte[] damaged = encoded.clone();
            damaged[i] ^= (byte) (1 << random.nextInt(8));
            assertThat(refusal(damaged, issuer.publicKey(), START + 1))
                    .as("byte %d", i)
                    .isNotNull();
        }
    }

    @Test
    void verify_eachFault_hasItsReason() {
        byte[] encoded = credential(true).issue(issuer);
        VerifyingKey by = issuer.publicKey();
        assertThat(refusal(Arrays.copyOf(encoded, 164), by, START)).isEqualTo(Reason.MALFORMED);
        assertThat(refusal(Arrays.copyOf(encoded, 166), by, START)).isEqualTo(Reason.MALFORMED);
        byte[] unknownFlag = encoded.clone();
        unknownFlag[4] |= 2;
        assertThat(refusal(unknownFlag, by, START)).isEqualTo(Reason.MALFORMED);
        assertThat(refusal(encoded, peer.publicKey(), START)).isEqualTo(Reason.BAD_SIGNATURE);
        assertThat(refusal(encoded, by, START - 1)).isEqualTo(Reason.NOT_YET_VALID);
        assertThat(refusal(encoded, by, START + 600_000)).isEqualTo(Reason.EXPIRED);
    }

    @Test
    void credential_longerThanTenMinutes_isRefused() {
        assertThatThrownBy(() -> new PeerCredential(
                        true, CredentialSerial.random(), peer.publicKey(), scope, START, START + 600_001))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
