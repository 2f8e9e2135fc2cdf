package io.runnel.devserver.state;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The secrets of 32 bytes the app server keeps: one key for each blob under {@code keys/}, and its own. Their protection
 * is the file system's: files of mode 0600 in folders of mode 0700, not encrypted. Whoever can read the folder as its
 * owner has every key; a server for production keeps them in a key management service.
 */
public final class SecretFiles {
    private static final int BYTES = 32;

    private final StateFolder folder;

    /** The secrets of this folder. */
    public SecretFiles(StateFolder folder) {
        this.folder = folder;
    }

    /** Stores the key of a blob; idempotent for the same key. */
    public void storeBlobKey(BlobId id, SecretBytes key) throws IOException {
        write(folder.keys().resolve(id.toString()), key);
    }

    /** The key of a blob, owned by the caller. */
    public Optional<SecretBytes> blobKey(BlobId id) throws IOException {
        return read(folder.keys().resolve(id.toString()));
    }

    /** A secret of the server, drawn when it is first asked for; owned by the caller. */
    public SecretBytes loadOrCreate(String fileName) throws IOException {
        Path file = folder.file(fileName);
        Optional<SecretBytes> kept = read(file);
        if (kept.isPresent()) {
            return kept.get();
        }
        SecretBytes fresh = SecretBytes.random(BYTES);
        write(file, fresh);
        return fresh;
    }

    private void write(Path file, SecretBytes secret) throws IOException {
        byte[] bytes = secret.read(byte[]::clone);
        try {
            folder.replace(file, bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static Optional<SecretBytes> read(Path file) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
        if (bytes.length != BYTES) {
            throw new IOException(file.getFileName() + ": must be " + BYTES + " bytes; restore it from a backup");
        }
        return Optional.of(SecretBytes.adopt(bytes));
    }
}
