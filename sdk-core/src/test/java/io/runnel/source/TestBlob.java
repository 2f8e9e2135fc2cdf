package io.runnel.source;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.cipher.BlobEncryptor;
import io.runnel.crypto.tree.TreeHasher;
import io.runnel.crypto.tree.TreeShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A published blob in memory: its plaintext, key, bytes, outboard and id. */
public final class TestBlob {
    /** Bytes of a group. */
    public static final int GROUP_BYTES = 16 * 1024;

    private final byte[] plaintext;
    private final SecretBytes key;
    private final byte[] bytes;
    private final byte[] outboard;
    private final BlobId id;

    private TestBlob(byte[] plaintext, SecretBytes key, byte[] bytes, byte[] outboard, BlobId id) {
        this.plaintext = plaintext;
        this.key = key;
        this.bytes = bytes;
        this.outboard = outboard;
        this.id = id;
    }

    /** A blob of random plaintext; the same seed gives the same plaintext. */
    public static TestBlob random(long seed, int plaintextBytes) {
        return random(seed, plaintextBytes, 0);
    }

    /** A blob published wrongly: its tag does not fit its key, though its id fits its bytes. */
    public static TestBlob withWrongTag(long seed, int plaintextBytes) {
        return random(seed, plaintextBytes, 1);
    }

    private static TestBlob random(long seed, int plaintextBytes, int tagError) {
        Random random = new Random(seed);
        byte[] plaintext = new byte[plaintextBytes];
        random.nextBytes(plaintext);
        byte[] nonce = new byte[24];
        random.nextBytes(nonce);
        byte[] keyBytes = new byte[32];
        random.nextBytes(keyBytes);
        SecretBytes key = SecretBytes.adopt(keyBytes);
        ByteBuffer bytes = ByteBuffer.allocate(24 + plaintextBytes + 16).put(nonce);
        try (BlobEncryptor encryptor = new BlobEncryptor(key, nonce)) {
            encryptor.update(ByteBuffer.wrap(plaintext), bytes);
            byte[] tag = encryptor.finish();
            tag[0] ^= (byte) tagError;
            bytes.put(tag);
            TreeShape shape = TreeShape.ofBlob(bytes.capacity());
            byte[] outboard = new byte[(int) shape.outboardBytes()];
            TreeHasher hasher =
                    new TreeHasher(shape, (offset, pair) -> pair.duplicate().get(outboard, (int) offset, 64));
            hasher.update(bytes.flip());
            return new TestBlob(plaintext, key, bytes.array(), outboard, hasher.finish());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The name. */
    public BlobId id() {
        return id;
    }

    /** The plaintext; do not change it. */
    public byte[] plaintext() {
        return plaintext;
    }

    /** A copy of the key. */
    public SecretBytes key() {
        return key.copy();
    }

    /** The blob: nonce, ciphertext, tag; do not change it. */
    public byte[] bytes() {
        return bytes;
    }

    /** The outboard; do not change it. */
    public byte[] outboard() {
        return outboard;
    }

    /** Number of groups. */
    public long groups() {
        return TreeShape.ofBlob(bytes.length).groups();
    }

    /** A copy of the bytes of some groups. */
    public byte[] groups(GroupRange groups) {
        int end = (int) Math.min(bytes.length, groups.end() * GROUP_BYTES);
        return Arrays.copyOfRange(bytes, (int) groups.first() * GROUP_BYTES, end);
    }

    /** This blob as an engine that holds all of it would share it. */
    public SharedBlob shared() {
        return shared(GroupSet.all(groups()));
    }

    /** This blob as an engine that holds some of it would share it. */
    public SharedBlob shared(GroupSet held) {
        return new SharedBlob() {
            @Override
            public BlobId id() {
                return id;
            }

            @Override
            public long sizeBytes() {
                return bytes.length;
            }

            @Override
            public GroupSet held() {
                return held;
            }

            @Override
            public Subscription onHeldChanged(Consumer<GroupSet> listener) {
                return () -> {};
            }

            @Override
            public CompletableFuture<ByteBuffer> readGroups(GroupRange range) {
                return CompletableFuture.completedFuture(
                        held.containsAll(range) ? ByteBuffer.wrap(groups(range)) : ByteBuffer.allocate(0));
            }

            @Override
            public CompletableFuture<ByteBuffer> readTree(long offset, int length) {
                byte[] stretch = Arrays.copyOfRange(outboard, (int) offset, (int) offset + length);
                return CompletableFuture.completedFuture(ByteBuffer.wrap(stretch));
            }
        };
    }
}
