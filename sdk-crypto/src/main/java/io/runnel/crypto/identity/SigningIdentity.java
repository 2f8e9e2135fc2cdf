package io.runnel.crypto.identity;

import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.VerifyingKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * An Ed25519 key pair (RFC 8032). A signature is over one byte with the length of the context, the context, and the
 * message parts joined. Safe on any thread.
 */
public final class SigningIdentity implements AutoCloseable {
    /** Length of a signature in bytes. */
    public static final int SIGNATURE_BYTES = Ed25519.SIGNATURE_SIZE;

    private static final int SEED_BYTES = Ed25519.SECRET_KEY_SIZE;
    private static final int MAX_CONTEXT_BYTES = 255;

    private final SecretBytes seed;
    private final VerifyingKey publicKey;

    private SigningIdentity(SecretBytes seed) {
        this.seed = seed;
        byte[] key = new byte[VerifyingKey.BYTES];
        this.publicKey = seed.read(bytes -> {
            Ed25519.generatePublicKey(bytes, 0, key, 0);
            return VerifyingKey.of(key);
        });
    }

    /** A fresh identity. */
    public static SigningIdentity generate() {
        return new SigningIdentity(SecretBytes.random(SEED_BYTES));
    }

    /**
     * The identity with this private key.
     *
     * @param seed 32 bytes, copied
     */
    public static SigningIdentity fromSeed(SecretBytes seed) {
        if (seed.size() != SEED_BYTES) {
            throw new IllegalArgumentException("seed: " + seed.size() + " bytes, must be " + SEED_BYTES);
        }
        return new SigningIdentity(seed.copy());
    }

    /** The public half. */
    public VerifyingKey publicKey() {
        return publicKey;
    }

    /**
     * Signs.
     *
     * @param context what the signature is for, 1 to 255 bytes of UTF-8
     * @param message joined; the caller sees to it that the borders of the parts are clear
     * @return 64 bytes
     * @throws IllegalStateException if closed
     */
    public byte[] sign(String context, byte[]... message) {
        byte[] signed = signedBytes(context, message);
        byte[] signature = new byte[SIGNATURE_BYTES];
        return seed.read(bytes -> {
            Ed25519.sign(bytes, 0, publicKey.bytes(), 0, signed, 0, signed.length, signature, 0);
            return signature;
        });
    }

    /**
     * Whether this is the key's signature in this context; false for a signature of another length and for a key that is
     * no point of the prime-order group, with which some signatures fit any message.
     */
    public static boolean verify(VerifyingKey key, byte[] signature, String context, byte[]... message) {
        if (signature.length != SIGNATURE_BYTES) {
            return false;
        }
        Ed25519.PublicPoint point = Ed25519.validatePublicKeyFullExport(key.bytes(), 0);
        byte[] signed = signedBytes(context, message);
        return point != null && Ed25519.verify(signature, 0, point, signed, 0, signed.length);
    }

    /** Wipes the private key. Idempotent. */
    @Override
    public void close() {
        seed.close();
    }

    private static byte[] signedBytes(String context, byte[]... message) {
        byte[] name = context.getBytes(StandardCharsets.UTF_8);
        if (name.length < 1 || name.length > MAX_CONTEXT_BYTES) {
            throw new IllegalArgumentException("context: " + name.length + " bytes, must be 1 to 255");
        }
        ByteArrayOutputStream signed = new ByteArrayOutputStream();
        signed.write(name.length);
        signed.writeBytes(name);
        for (byte[] part : message) {
            signed.writeBytes(part);
        }
        return signed.toByteArray();
    }
}
