package io.runnel.bench;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.tree.TreeHasher;
import io.runnel.crypto.tree.TreeShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.bouncycastle.crypto.digests.Blake3Digest;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** BLAKE3 of 1 MiB on one thread: ours, with the outboard, beside two libraries. */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class Blake3Benchmark {
    private final byte[] data = new byte[1 << 20];

    /** Fills the data. */
    public Blake3Benchmark() {
        new Random(1).nextBytes(data);
    }

    @Benchmark
    public BlobId runnel() throws IOException {
        TreeHasher hasher = new TreeHasher(TreeShape.ofBlob(data.length), (offset, pair) -> {});
        hasher.update(ByteBuffer.wrap(data));
        return hasher.finish();
    }

    @Benchmark
    public byte[] commonsCodec() {
        return org.apache.commons.codec.digest.Blake3.hash(data);
    }

    @Benchmark
    public byte[] bouncyCastle() {
        Blake3Digest digest = new Blake3Digest(256);
        digest.update(data, 0, data.length);
        byte[] out = new byte[32];
        digest.doFinal(out, 0);
        return out;
    }
}
