package io.runnel.crypto.cipher;

/** Chooses the provider of bulk ChaCha20. */
final class ChaCha20Choice {
    private static final ChaCha20 CHOSEN = new BouncyCastleChaCha20();

    private ChaCha20Choice() {}

    static ChaCha20 chosen() {
        return CHOSEN;
    }
}
