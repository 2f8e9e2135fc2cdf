package io.runnel.bench;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.cipher.BlobEncryptor;
import io.runnel.crypto.tree.TreeHasher;
import io.runnel.crypto.tree.TreeShape;
import io.runnel.keys.BlobGrant;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;

/** A blob of random plaintext in memory, with all that its sources and its readers need. */
final class PublishedBlob {
    final BlobId id;
    /** Nonce, ciphertext and tag. */
    final byte[] bytes;

    final byte[] outboard;
    private final byte[] key;

    private PublishedBlob(BlobId id, byte[] bytes, byte[] outboard, byte[] key) {
        this.id = id;
        this.bytes = bytes;
        this.outboard = outboard;
        this.key = key;
    }

    static PublishedBlob random(Random random, int plaintextBytes) throws IOException {
        byte[] plaintext = new byte[plaintextBytes];
        byte[] nonce = new byte[24];
        byte[] key = new byte[32];
        random.nextBytes(plaintext);
        random.nextBytes(nonce);
        random.nextBytes(key);
        ByteBuffer bytes =
                ByteBuffer.allocate(nonce.length + plaintextBytes + 16).put(nonce);
        try (SecretBytes secret = SecretBytes.adopt(key.clone());
                BlobEncryptor encryptor = new BlobEncryptor(secret, nonce)) {
            encryptor.update(ByteBuffer.wrap(plaintext), bytes);
            bytes.put(encryptor.finish());
        }
        TreeShape shape = TreeShape.ofBlob(bytes.capacity());
        byte[] outboard = new byte[(int) shape.outboardBytes()];
        TreeHasher hasher =
                new TreeHasher(shape, (offset, pair) -> pair.duplicate().get(outboard, (int) offset, pair.remaining()));
        hasher.update(bytes.flip());
        return new PublishedBlob(hasher.finish(), bytes.array(), outboard, key);
    }

    BlobGrant grant() {
        return new BlobGrant(SecretBytes.adopt(key.clone()), bytes.length);
    }
}
