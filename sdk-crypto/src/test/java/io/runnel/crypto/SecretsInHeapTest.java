package io.runnel.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.cipher.BlobDecryptor;
import io.runnel.crypto.cipher.RangeCipher;
import io.runnel.crypto.keys.ClientIds;
import io.runnel.crypto.keys.EnvelopeHeader;
import io.runnel.crypto.keys.Envelopes;
import io.runnel.crypto.keys.EpochKeyring;
import io.runnel.crypto.keys.EpochRoot;
import io.runnel.crypto.keys.EpochWindow;
import io.runnel.crypto.keys.OpenedEnvelope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks for a blob's key in a dump of this JVM's heap, after everything that had to do with it was closed. */
class SecretsInHeapTest {
    /** The key is kept here masked, so that the test itself does not hold what it looks for. */
    private static final byte MASK = 0x5A;

    @TempDir
    Path folder = Path.of("");

    @Test
    void blobKey_afterClose_isNotInTheHeap() throws Exception {
        SecretBytes blobKey = SecretBytes.random(32);
        byte[] masked = masked(blobKey);
        Object[] kept = useAndClose(blobKey);
        Path dump = dump("closed.hprof");
        assertThat(found(dump, masked)).as("K_blob after close").isZero();
        assertThat(kept).doesNotContainNull();
    }

    /** The search would find the key: otherwise the test above proves nothing. */
    @Test
    void blobKey_beforeClose_isFound() throws Exception {
        try (SecretBytes blobKey = SecretBytes.random(32)) {
            byte[] masked = masked(blobKey);
            Path dump = dump("open.hprof");
            assertThat(found(dump, masked)).isPositive();
            assertThat(blobKey.isClosed()).isFalse();
        }
    }

    /** Does what a server and a client do with a key, and returns all it used, so that nothing is collected early. */
    private static Object[] useAndClose(SecretBytes blobKey) throws Exception {
        BlobId blob = BlobId.of(new byte[32]);
        ClientId client = ClientIds.ofName("viewer");
        EpochRoot root = EpochRoot.random();
        EpochKeyring keyring = new EpochKeyring();
        keyring.add(new EpochWindow(1, 0, 1000, 1000), root.clientEpochKey(1, client));
        SecretBytes epochKey = root.clientEpochKey(1, client);
        byte[] envelope = Envelopes.seal(new EnvelopeHeader(1, blob, client, 1000, 40), epochKey, blobKey);
        OpenedEnvelope opened = Envelopes.open(envelope, client, blob, keyring, 500);
        assertThat(opened.blobKey()).isEqualTo(blobKey);
        RangeCipher range = new RangeCipher(opened.blobKey(), new byte[24]);
        range.apply(100, ByteBuffer.allocate(5000), ByteBuffer.allocate(5000));
        BlobDecryptor whole = new BlobDecryptor(opened.blobKey(), new byte[24]);
        whole.update(ByteBuffer.allocate(5000), ByteBuffer.allocate(5000));
        for (AutoCloseable each : new AutoCloseable[] {range, whole, opened, blobKey, epochKey, keyring, root}) {
            each.close();
        }
        return new Object[] {range, whole, opened, blobKey, epochKey, keyring, root, envelope};
    }

    private static byte[] masked(SecretBytes key) {
        return key.read(bytes -> {
            byte[] out = new byte[bytes.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = (byte) (bytes[i] ^ MASK);
            }
            return out;
        });
    }

    /** All live objects; the JDK's own tool collects the garbage first. */
    private Path dump(String name) throws IOException, InterruptedException {
        Path file = folder.resolve(name);
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Needs.that(Files.isExecutable(jcmd), "this JDK has no jcmd");
        String pid = Long.toString(ProcessHandle.current().pid());
        Process process = new ProcessBuilder(jcmd.toString(), pid, "GC.heap_dump", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
        return file;
    }

    /** Occurrences of any eight bytes of the key that start on a word, as bytes or as dumped big-endian ints. */
    private static int found(Path dump, byte[] masked) throws IOException {
        int found = 0;
        try (FileChannel channel = FileChannel.open(dump)) {
            MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            byte[] swapped = new byte[masked.length];
            for (int i = 0; i < masked.length; i++) {
                swapped[i] = masked[(i & ~3) | (3 - (i & 3))];
            }
            long[] needles = new long[8];
            for (int i = 0; i < 4; i++) {
                needles[i] = ByteBuffer.wrap(masked).getLong(8 * i);
                needles[4 + i] = ByteBuffer.wrap(swapped).getLong(8 * i);
            }
            long mask = 0x0101_0101_0101_0101L * MASK;
            long window = 0;
            for (int at = 0; at < bytes.limit(); at++) {
                window = window << 8 | (bytes.get(at) & 0xFF);
                long candidate = window ^ mask;
                for (int i = 0; i < 8; i++) {
                    found += candidate == needles[i] ? 1 : 0;
                }
            }
        } finally {
            Files.delete(dump);
        }
        Arrays.fill(masked, (byte) 0);
        return found;
    }
}
