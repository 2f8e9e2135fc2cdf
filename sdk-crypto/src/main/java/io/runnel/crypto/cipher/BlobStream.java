package io.runnel.crypto.cipher;

import io.runnel.crypto.SecretBytes;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What encrypting and decrypting a whole blob have in common. Not thread-safe. */
final class BlobStream implements AutoCloseable {
    private static final int SLAB_BYTES = 32 * 1024;

    private final boolean encrypt;
    private final ChaCha20.Keystream keystream;
    private final BlobMac mac;
    private final byte[] slab = new byte[SLAB_BYTES];
    private long offset;
    private boolean done;

    BlobStream(boolean encrypt, SecretBytes key, byte[] nonce) {
        this.encrypt = encrypt;
        this.keystream = XChaCha20.keystream(key, nonce);
        this.mac = new BlobMac(keystream);
    }

    void update(ByteBuffer in, ByteBuffer out) {
        checkOpen();
        int length = in.remaining();
        if (out.remaining() < length) {
            throw new IllegalArgumentException("output: room for " + out.remaining() + " bytes, must be " + length);
        }
        if (length > XChaCha20.MAX_PLAINTEXT_BYTES - offset) {
            throw new IllegalArgumentException("input: a blob's plaintext ends at " + XChaCha20.MAX_PLAINTEXT_BYTES);
        }
        while (in.hasRemaining()) {
            int lead = (int) (offset % XChaCha20.BLOCK_BYTES);
            int take = Math.min(SLAB_BYTES - lead, in.remaining());
            in.get(slab, lead, take);
            process(lead, take);
            out.put(slab, lead, take);
            offset += take;
        }
    }

    private void process(int lead, int take) {
        if (!encrypt) {
            mac.update(slab, lead, take);
        }
        keystream.xor(1 + offset / XChaCha20.BLOCK_BYTES, slab, 0, lead + take);
        if (encrypt) {
            mac.update(slab, lead, take);
        }
    }

    byte[] finish() {
        checkOpen();
        byte[] tag = mac.finish();
        close();
        return tag;
    }

    @Override
    public void close() {
        done = true;
        keystream.close();
        mac.close();
        Arrays.fill(slab, (byte) 0);
    }

    private void checkOpen() {
        if (done) {
            throw new IllegalStateException("finished or closed already");
        }
    }
}
