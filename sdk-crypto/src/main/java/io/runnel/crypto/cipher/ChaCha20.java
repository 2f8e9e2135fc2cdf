package io.runnel.crypto.cipher;

/** A way to compute bulk ChaCha20 (RFC 8439 section 2.4). Safe on any thread. */
interface ChaCha20 {
    /** Its name in the log and in the system property that chooses. */
    String name();

    /**
     * A keystream for one thread.
     *
     * @param key 32 bytes, copied where kept
     * @param nonce 12 bytes
     */
    Keystream keystream(byte[] key, byte[] nonce);

    /** The keystream of one key and nonce. Not thread-safe. */
    interface Keystream extends AutoCloseable {
        /**
         * XORs keystream onto bytes in place.
         *
         * @param block the counter of the 64-byte block with which to start, 0 to 2^32 - 1
         * @param length any; a rest of a block at the end is discarded
         */
        void xor(long block, byte[] bytes, int off, int length);

        /** Wipes the key. Idempotent. */
        @Override
        void close();
    }
}
