package io.runnel.bench;

import io.runnel.crypto.AuthenticationException;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.cipher.BlobDecryptor;
import io.runnel.crypto.cipher.BlobEncryptor;
import io.runnel.crypto.cipher.RangeCipher;
import io.runnel.crypto.cipher.XChaCha20Poly1305;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** XChaCha20 of 1 MiB on one thread by each provider: a range, and whole blobs with their tag. */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChaCha20Benchmark {
    private static final int SIZE = 1 << 20;

    /** What the system property {@code runnel.chacha20} is set to before its first use. */
    @Param({"lanes", "jce", "bouncycastle"})
    public String provider;

    private final SecretBytes key = SecretBytes.random(32);
    private final byte[] nonce = new byte[24];
    private final ByteBuffer in = ByteBuffer.allocate(SIZE);
    private final ByteBuffer out = ByteBuffer.allocate(SIZE);
    private byte[] sealed = new byte[0];

    @Setup
    public void choose() {
        System.setProperty("runnel.chacha20", provider);
        sealed = XChaCha20Poly1305.seal(key, nonce, new byte[SIZE], new byte[0]);
    }

    @Benchmark
    public ByteBuffer range() {
        try (RangeCipher cipher = new RangeCipher(key, nonce)) {
            cipher.apply(0, in.clear(), out.clear());
        }
        return out;
    }

    @Benchmark
    public byte[] encryptBlob() {
        try (BlobEncryptor encryptor = new BlobEncryptor(key, nonce)) {
            encryptor.update(in.clear(), out.clear());
            return encryptor.finish();
        }
    }

    @Benchmark
    public ByteBuffer decryptBlobWithTag() throws AuthenticationException {
        try (BlobDecryptor decryptor = new BlobDecryptor(key, nonce)) {
            decryptor.update(ByteBuffer.wrap(sealed, 0, SIZE), out.clear());
            decryptor.finish(Arrays.copyOfRange(sealed, SIZE, sealed.length));
        }
        return out;
    }
}
