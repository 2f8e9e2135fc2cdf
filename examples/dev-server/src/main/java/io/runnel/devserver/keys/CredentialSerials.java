package io.runnel.devserver.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.hash.Blake3;
import io.runnel.crypto.identity.CredentialSerial;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Serials that say to whom a credential was issued, to nobody but the app server: half is random, half is a keyed hash of
 * that and the client's name. So no list of what was issued has to be kept, and a revocation reaches credentials from
 * before a restart too. Safe for use on any thread.
 */
final class CredentialSerials implements AutoCloseable {
    private static final String CONTEXT = "runnel 2026 dev server credential serial v1";
    private static final int RANDOM_BYTES = CredentialSerial.BYTES / 2;

    private final SecureRandom random = new SecureRandom();
    private final SecretBytes key;

    /**
     * Serials of one app server.
     *
     * @param secret what only the app server knows; not kept
     */
    CredentialSerials(SecretBytes secret) {
        this.key = SecretBytes.adopt(secret.read(bytes -> Blake3.deriveKey(CONTEXT, bytes)));
    }

    /** A fresh serial of this client. */
    CredentialSerial of(String client) {
        byte[] prefix = new byte[RANDOM_BYTES];
        random.nextBytes(prefix);
        return complete(prefix, client);
    }

    /** Whether the serial is of this client. */
    boolean isOf(CredentialSerial serial, String client) {
        byte[] bytes = serial.bytes();
        return MessageDigest.isEqual(
                bytes, complete(Arrays.copyOf(bytes, RANDOM_BYTES), client).bytes());
    }

    private CredentialSerial complete(byte[] prefix, String client) {
        byte[] tag = key.read(secret -> Blake3.keyedHash(secret, prefix, client.getBytes(US_ASCII)));
        byte[] serial = Arrays.copyOf(prefix, CredentialSerial.BYTES);
        System.arraycopy(tag, 0, serial, RANDOM_BYTES, serial.length - RANDOM_BYTES);
        return CredentialSerial.of(serial);
    }

    /** Wipes the key. */
    @Override
    public void close() {
        key.close();
    }
}
