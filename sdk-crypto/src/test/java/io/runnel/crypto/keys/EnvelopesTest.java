package io.runnel.crypto.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.ClientId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.cipher.XChaCha20Poly1305;
import io.runnel.crypto.hash.Blake3;
import io.runnel.crypto.keys.EnvelopeException.Reason;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EnvelopesTest {
    private static final long EPOCH = 7;
    private static final EpochWindow WINDOW = new EpochWindow(EPOCH, 1000, 2000, 2300);

    private final BlobId blob = BlobId.of(Blake3.hash(new byte[] {1}));
    private final ClientId client = ClientIds.ofName("viewer-1");
    private final EpochRoot root = EpochRoot.random();
    private final EpochKeyring keyring = new EpochKeyring();
    private final SecretBytes blobKey = SecretBytes.random(32);
    private final EnvelopeHeader header = new EnvelopeHeader(EPOCH, blob, client, 2200, 123_456);

    @BeforeEach
    void fill() {
        keyring.add(WINDOW, root.clientEpochKey(EPOCH, client));
    }

    @AfterEach
    void wipe() {
        root.close();
        keyring.close();
        blobKey.close();
    }

    private byte[] sealed() {
        try (SecretBytes key = root.clientEpochKey(EPOCH, client)) {
            return Envelopes.seal(header, key, blobKey);
        }
    }

    private Reason refusal(byte[] envelope, ClientId who, BlobId what, long nowMillis) {
        EnvelopeException refused = catchThrowableOfType(
                EnvelopeException.class, () -> Envelopes.open(envelope, who, what, keyring, nowMillis));
        return refused.reason();
    }

    @Test
    void open_whatWasSealed_givesKeyAndSize() throws EnvelopeException {
        byte[] envelope = sealed();
        assertThat(envelope).hasSize(Envelopes.BYTES);
        assertThat(Envelopes.parse(envelope)).isEqualTo(header);
        try (OpenedEnvelope opened = Envelopes.open(envelope, client, blob, keyring, 1500)) {
            assertThat(opened.blobKey()).isEqualTo(blobKey);
            assertThat(opened.blobSizeBytes()).isEqualTo(123_456);
        }
    }

    @Test
    void open_duringGrace_succeeds() throws EnvelopeException {
        Envelopes.open(sealed(), client, blob, keyring, 2100).close();
    }

    @Test
    void open_anyByteFlipped_isRefused() {
        byte[] envelope = sealed();
        for (int i = 0; i < envelope.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] damaged = envelope.clone();
                damaged[i] ^= (byte) (1 << bit);
                assertThat(refusal(damaged, client, blob, 1500))
                        .as("byte %d", i)
                        .isNotNull();
            }
        }
    }

    @Test
    void open_eachFault_hasItsReason() {
        byte[] envelope = sealed();
        assertThat(refusal(Arrays.copyOf(envelope, 197), client, blob, 1500)).isEqualTo(Reason.MALFORMED);
        assertThat(refusal(Arrays.copyOf(envelope, 199), client, blob, 1500)).isEqualTo(Reason.MALFORMED);
        assertThat(refusal(changed(envelope, 0), client, blob, 1500)).isEqualTo(Reason.MALFORMED);
        assertThat(refusal(changed(envelope, 4), client, blob, 1500)).isEqualTo(Reason.MALFORMED);
        assertThat(refusal(changed(envelope, 5), client, blob, 1500)).isEqualTo(Reason.MALFORMED);
        assertThat(refusal(envelope, ClientIds.ofName("other"), blob, 1500)).isEqualTo(Reason.WRONG_CLIENT);
        assertThat(refusal(envelope, client, BlobId.of(new byte[32]), 1500)).isEqualTo(Reason.WRONG_BLOB);
        assertThat(refusal(changed(envelope, 13), client, blob, 1500)).isEqualTo(Reason.UNKNOWN_EPOCH);
        for (int at : new int[] {80, 90, 94, 120, 149, 150, 165, 197}) {
            assertThat(refusal(changed(envelope, at), client, blob, 1500)).isEqualTo(Reason.NOT_AUTHENTIC);
        }
        assertThat(refusal(envelope, client, blob, 2200)).isEqualTo(Reason.EXPIRED);
    }

    @Test
    void open_afterRetirement_isEpochRetired() {
        EnvelopeHeader late = new EnvelopeHeader(EPOCH, blob, client, 9000, 40);
        byte[] envelope;
        try (SecretBytes key = root.clientEpochKey(EPOCH, client)) {
            envelope = Envelopes.seal(late, key, blobKey);
        }
        assertThat(refusal(envelope, client, blob, 2300)).isEqualTo(Reason.EPOCH_RETIRED);
        assertThat(refusal(envelope, client, blob, 1500)).isEqualTo(Reason.EPOCH_RETIRED);
    }

    @Test
    void open_keyOfAnotherCommitment_isRefused() throws Exception {
        byte[] envelope = sealed();
        byte[] forged = envelope.clone();
        forged[120] ^= 1;
        byte[] nonce = Arrays.copyOfRange(forged, 94, 118);
        try (SecretBytes key = root.clientEpochKey(EPOCH, client)) {
            byte[] aad = Arrays.copyOf(forged, 150);
            byte[] wrapped = blobKey.read(bytes -> XChaCha20Poly1305.seal(key, nonce, bytes, aad));
            System.arraycopy(wrapped, 0, forged, 150, 48);
        }
        assertThat(refusal(forged, client, blob, 1500)).isEqualTo(Reason.NOT_AUTHENTIC);
    }

    @Test
    void open_envelopeOfAnotherClientsKey_isRefused() {
        byte[] envelope;
        try (SecretBytes key = root.clientEpochKey(EPOCH, ClientIds.ofName("other"))) {
            envelope = Envelopes.seal(header, key, blobKey);
        }
        assertThat(refusal(envelope, client, blob, 1500)).isEqualTo(Reason.NOT_AUTHENTIC);
    }

    private static byte[] changed(byte[] envelope, int at) {
        byte[] out = envelope.clone();
        out[at] ^= 2;
        return out;
    }
}
