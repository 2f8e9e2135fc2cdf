package io.runnel.bench;

import io.runnel.crypto.AuthenticationException;
import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.cipher.RangeCipher;
import io.runnel.crypto.tree.GroupVerifier;
import io.runnel.crypto.tree.Stretch;
import io.runnel.crypto.tree.TreeHasher;
import io.runnel.crypto.tree.TreeShape;
import io.runnel.crypto.tree.VerifiedTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a fetch does with 1 MiB on one thread: verify it in batches, then decrypt it. */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class VerifyBenchmark {
    private static final int SIZE = 1 << 20;

    /** Groups of 16 KiB verified at once. */
    @Param({"1", "8", "16"})
    public int batchGroups;

    private final TreeShape shape = TreeShape.ofBlob(SIZE);
    private final byte[] data = new byte[SIZE];
    private final ByteBuffer out = ByteBuffer.allocate(SIZE);
    private final SecretBytes key = SecretBytes.random(32);
    private byte[] hashes = new byte[0];

    @Setup
    public void hash() throws IOException, AuthenticationException {
        new Random(1).nextBytes(data);
        byte[] outboard = new byte[(int) shape.outboardBytes()];
        TreeHasher hasher = new TreeHasher(shape, (offset, pair) -> pair.get(outboard, (int) offset, 64));
        hasher.update(ByteBuffer.wrap(data));
        BlobId id = hasher.finish();
        VerifiedTree tree = new VerifiedTree(id, shape);
        Stretch all = tree.missing(0).get(0);
        tree.prove(0, List.of(ByteBuffer.wrap(outboard, (int) all.offset(), all.length())));
        hashes = tree.hashes(0, (int) shape.groups());
    }

    @Benchmark
    public int verify() {
        int bad = 0;
        for (int group = 0; group < shape.groups(); group += batchGroups) {
            bad += verifyBatch(group);
        }
        return bad;
    }

    @Benchmark
    public ByteBuffer verifyAndDecrypt() {
        out.clear();
        try (RangeCipher cipher = new RangeCipher(key, new byte[24])) {
            for (int group = 0; group < shape.groups(); group += batchGroups) {
                if (verifyBatch(group) >= 0) {
                    throw new IllegalStateException("a good group was refused");
                }
                int offset = group * shape.groupBytes();
                cipher.apply(offset, ByteBuffer.wrap(data, offset, batchGroups * shape.groupBytes()), out);
            }
        }
        return out;
    }

    private int verifyBatch(int group) {
        ByteBuffer bytes = ByteBuffer.wrap(data, group * shape.groupBytes(), batchGroups * shape.groupBytes());
        byte[] expected = new byte[batchGroups * 32];
        System.arraycopy(hashes, group * 32, expected, 0, expected.length);
        return GroupVerifier.firstBad(shape, group, bytes, expected);
    }
}
