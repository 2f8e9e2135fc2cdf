package io.runnel.devserver.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.identity.CredentialSerial;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CredentialSerialsTest {
    private final SecretBytes secret = SecretBytes.random(32);
    private final CredentialSerials serials = new CredentialSerials(secret);

    @Test
    void isOf_ownClient_holdsAlsoForAServerWithTheSameSecret() {
        CredentialSerial serial = serials.of("alice");

        assertThat(serials.isOf(serial, "alice")).isTrue();
        assertThat(new CredentialSerials(secret).isOf(serial, "alice")).isTrue();
    }

    @Test
    void isOf_otherClientOrSecretOrAFlippedByte_doesNotHold() {
        CredentialSerial serial = serials.of("alice");

        assertThat(serials.isOf(serial, "alicf")).isFalse();
        assertThat(new CredentialSerials(SecretBytes.random(32)).isOf(serial, "alice"))
                .isFalse();
        for (int i = 0; i < CredentialSerial.BYTES; i++) {
            byte[] damaged = serial.bytes();
            damaged[i] ^= 1;
            assertThat(serials.isOf(CredentialSerial.of(damaged), "alice"))
                    .as("byte %d", i)
                    .isFalse();
        }
    }

    @Test
    void of_sameClientTwice_givesSerialsWithNothingInCommon() {
        byte[] first = serials.of("alice").bytes();
        byte[] second = serials.of("alice").bytes();

        for (int half = 0; half < first.length; half += 8) {
            assertThat(Arrays.equals(first, half, half + 8, second, half, half + 8))
                    .isFalse();
        }
    }
}
