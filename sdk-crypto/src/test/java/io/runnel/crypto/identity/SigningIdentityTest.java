package io.runnel.crypto.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.VerifyingKey;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SigningIdentityTest {
    private static final String CONTEXT = "a test";
    private static final byte[] MESSAGE = {1, 2, 3};

    @Test
    void publicKey_rfc8032FirstTest_matches() {
        byte[] seed = HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
        try (SigningIdentity identity = SigningIdentity.fromSeed(SecretBytes.adopt(seed))) {
            assertThat(identity.publicKey())
                    .hasToString("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        }
    }

    @Test
    void verify_ownSignature_holdsForThisContextAndMessageOnly() {
        try (SigningIdentity identity = SigningIdentity.generate();
                SigningIdentity other = SigningIdentity.generate()) {
            byte[] signature = identity.sign(CONTEXT, MESSAGE);
            assertThat(SigningIdentity.verify(identity.publicKey(), signature, CONTEXT, MESSAGE))
                    .isTrue();
            assertThat(SigningIdentity.verify(
                            identity.publicKey(), signature, CONTEXT, new byte[] {1}, new byte[] {2, 3}))
                    .isTrue();
            assertThat(SigningIdentity.verify(identity.publicKey(), signature, "another", MESSAGE))
                    .isFalse();
            assertThat(SigningIdentity.verify(other.publicKey(), signature, CONTEXT, MESSAGE))
                    .isFalse();
            assertThat(SigningIdentity.verify(identity.publicKey(), Arrays.copyOf(signature, 63), CONTEXT, MESSAGE))
                    .isFalse();
            for (int i = 0; i < signature.length; i++) {
                byte[] damaged = signature.clone();
                damaged[i] ^= 1;
                assertThat(SigningIdentity.verify(identity.publicKey(), damaged, CONTEXT, MESSAGE))
                        .isFalse();
            }
        }
    }

    @Test
    void verify_keyOfSmallOrder_isFalse() {
        byte[] neutral = new byte[32];
        neutral[0] = 1;
        byte[] signature = new byte[64];
        signature[0] = 1;
        assertThat(SigningIdentity.verify(VerifyingKey.of(neutral), signature, CONTEXT, MESSAGE))
                .isFalse();
    }

    @Test
    void sign_afterClose_isRefused() {
        SigningIdentity identity = SigningIdentity.generate();
        identity.close();
        assertThatThrownBy(() -> identity.sign(CONTEXT, MESSAGE)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void swarmIds_differBySecretAndBlob() {
        try (SecretBytes secret = SecretBytes.random(32);
                SecretBytes other = SecretBytes.random(32)) {
            BlobId blob = BlobId.of(new byte[32]);
            assertThat(SwarmIds.of(secret, blob)).isEqualTo(SwarmIds.of(secret, blob));
            assertThat(SwarmIds.of(other, blob)).isNotEqualTo(SwarmIds.of(secret, blob));
            assertThat(SwarmIds.scope(secret).bytes())
                    .isNotEqualTo(SwarmIds.of(secret, blob).bytes());
        }
    }
}
