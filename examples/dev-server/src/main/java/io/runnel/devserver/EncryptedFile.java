package io.runnel.devserver;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.cipher.BlobEncryptor;
import io.runnel.crypto.tree.TreeHasher;
import io.runnel.crypto.tree.TreeShape;
import io.runnel.devserver.state.StateFolder;
import io.runnel.devserver.state.Temporary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Arrays;

/** A blob and its outboard in temporary files, ready to be moved to their place. */
final class EncryptedFile implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NONCE_BYTES = 24;
    private static final int BUFFER_BYTES = 1 << 18;

    private final StateFolder folder;
    private final Temporary blob;
    private final Temporary outboard;
    private final BlobId blobId;
    private final long plaintextBytes;

    private EncryptedFile(StateFolder folder, Temporary blob, Temporary outboard, BlobId blobId, long plaintextBytes) {
        this.folder = folder;
        this.blob = blob;
        this.outboard = outboard;
        this.blobId = blobId;
        this.plaintextBytes = plaintextBytes;
    }

    /** Encrypts and hashes a file in one pass. */
    static EncryptedFile create(StateFolder folder, Path file, SecretBytes key, IngestListener progress)
            throws IOException {
        Temporary blob = folder.createTemporary("blob");
        Temporary outboard = folder.createTemporary("outboard");
        boolean done = false;
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
                FileChannel blobOut = FileChannel.open(blob.path(), StandardOpenOption.WRITE);
                FileChannel outboardOut = FileChannel.open(outboard.path(), StandardOpenOption.WRITE)) {
            long size = in.size();
            TreeHasher hasher = new TreeHasher(
                    TreeShape.ofBlob(size + Catalog.OVERHEAD_BYTES),
                    (offset, pair) -> writeAt(folder, outboardOut, pair, offset));
            encrypt(in, key, size, progress, bytes -> {
                hasher.update(bytes.duplicate());
                writeAll(folder, blobOut, bytes);
            });
            EncryptedFile encrypted = new EncryptedFile(folder, blob, outboard, hasher.finish(), size);
            done = true;
            return encrypted;
        } finally {
            if (!done) {
                remove(blob, outboard);
            }
        }
    }

    BlobId blobId() {
        return blobId;
    }

    long plaintextBytes() {
        return plaintextBytes;
    }

    /** Moves outboard and blob to the bucket. */
    void publish(Path bucket) throws IOException {
        Path place = bucket.resolve(blobId.toString());
        folder.commit(outboard.path(), outboardOf(place));
        folder.commit(blob.path(), place);
    }

    /** Where the outboard of a published blob is. */
    static Path outboardOf(Path blob) {
        return blob.resolveSibling(blob.getFileName() + ".obao4");
    }

    /** Removes what was not published. */
    @Override
    public void close() throws IOException {
        remove(blob, outboard);
    }

    private static void remove(Temporary blob, Temporary outboard) throws IOException {
        try {
            blob.close();
        } finally {
            outboard.close();
        }
    }

    private static void encrypt(FileChannel in, SecretBytes key, long size, IngestListener progress, Sink sink)
            throws IOException {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        ByteBuffer plain = ByteBuffer.allocate(BUFFER_BYTES);
        ByteBuffer cipher = ByteBuffer.allocate(BUFFER_BYTES);
        try (BlobEncryptor encryptor = new BlobEncryptor(key, nonce)) {
            sink.take(ByteBuffer.wrap(nonce));
            long done = 0;
            progress.progress(0, size);
            while (in.read(plain.clear()) >= 0) {
                done += plain.flip().remaining();
                if (done > size) {
                    throw new IOException("the file grew while it was ingested: ingest it again when it is complete");
                }
                encryptor.update(plain, cipher.clear());
                sink.take(cipher.flip());
                progress.progress(done, size);
            }
            if (done < size) {
                throw new IOException("the file shrank while it was ingested: ingest it again when it is complete");
            }
            sink.take(ByteBuffer.wrap(encryptor.finish()));
        } finally {
            Arrays.fill(plain.array(), (byte) 0);
        }
    }

    private static void writeAll(StateFolder folder, FileChannel out, ByteBuffer bytes) throws IOException {
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } catch (IOException e) {
            throw folder.cannotWrite(e);
        }
    }

    private static void writeAt(StateFolder folder, FileChannel out, ByteBuffer bytes, long offset) throws IOException {
        long at = offset;
        try {
            while (bytes.hasRemaining()) {
                at += out.write(bytes, at);
            }
        } catch (IOException e) {
            throw folder.cannotWrite(e);
        }
    }

    @FunctionalInterface
    private interface Sink {
        /** Takes all that remains. */
        void take(ByteBuffer bytes) throws IOException;
    }
}
