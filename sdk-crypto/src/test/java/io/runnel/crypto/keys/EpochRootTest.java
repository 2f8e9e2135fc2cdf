package io.runnel.crypto.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.crypto.ClientId;
import io.runnel.crypto.SecretBytes;
import org.junit.jupiter.api.Test;

class EpochRootTest {
    private final ClientId client = ClientIds.ofName("a");

    @Test
    void clientEpochKey_differsByEpochClientAndRatchet() {
        try (EpochRoot root = EpochRoot.random();
                EpochRoot next = root.next();
                SecretBytes key = root.clientEpochKey(1, client);
                SecretBytes again = root.clientEpochKey(1, client);
                SecretBytes later = root.clientEpochKey(2, client);
                SecretBytes other = root.clientEpochKey(1, ClientIds.ofName("b"))) {
            assertThat(again).isEqualTo(key);
            assertThat(later).isNotEqualTo(key);
            assertThat(other).isNotEqualTo(key);
            root.ratchet();
            try (SecretBytes ratcheted = root.clientEpochKey(1, client);
                    SecretBytes beside = next.clientEpochKey(1, client)) {
                assertThat(ratcheted).isNotEqualTo(key).isEqualTo(beside);
            }
        }
    }

    @Test
    void of_secretKept_givesTheSameKeys() {
        try (EpochRoot root = EpochRoot.random();
                SecretBytes secret = root.secret();
                EpochRoot restored = EpochRoot.of(secret);
                SecretBytes one = root.clientEpochKey(3, client);
                SecretBytes two = restored.clientEpochKey(3, client)) {
            assertThat(one).isEqualTo(two);
        }
    }

    @Test
    void clientEpochKey_afterClose_isRefused() {
        EpochRoot root = EpochRoot.random();
        root.close();
        assertThatThrownBy(() -> root.clientEpochKey(1, client)).isInstanceOf(IllegalStateException.class);
    }
}
