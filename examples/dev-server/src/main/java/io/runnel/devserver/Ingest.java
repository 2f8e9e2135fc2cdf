package io.runnel.devserver;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.hash.Blake3;
import io.runnel.devserver.state.SecretFiles;
import io.runnel.devserver.state.StateFolder;
import java.io.IOException;
import java.net.URLConnection;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Publishes a file: encrypts it under a key of its own, hashes it, and puts ciphertext, outboard, key and record into a
 * state folder, in that order. Each step replaces a whole file, and the record, which makes the blob known, comes last:
 * an ingest that is cut short leaves nothing that anyone is told of. The files of one that was killed are removed by the
 * next ingest, or the next start of a server.
 */
public final class Ingest {
    static final String BUCKET = "blobs";
    static final String COLLECTION = "default";

    private static final String COMMITMENT_CONTEXT = "runnel 2026 key commitment v1";

    private Ingest() {}

    /**
     * Ingests a file of any length in constant memory. A server that runs on the folder serves the blob from then on.
     * Every ingest draws a fresh key, so the same file twice gives two blobs.
     *
     * @param file must not change meanwhile
     * @throws IOException if the file cannot be read or changed its length, or the folder cannot be written
     */
    public static CatalogRecord ingest(Path stateDir, Path file, IngestListener progress) throws IOException {
        StateFolder folder = StateFolder.open(stateDir);
        Publication.removeAbandoned(folder);
        try (SecretBytes key = SecretBytes.random(32);
                EncryptedFile encrypted = EncryptedFile.create(folder, file, key, progress);
                Publication publication = Publication.begin(folder, encrypted.blobId())) {
            BlobId id = encrypted.blobId();
            encrypted.publish(folder.bucket(BUCKET));
            new SecretFiles(folder).storeBlobKey(id, key);
            CatalogRecord record = new CatalogRecord(
                    id,
                    BUCKET,
                    id.toString(),
                    encrypted.plaintextBytes() + Catalog.OVERHEAD_BYTES,
                    encrypted.plaintextBytes(),
                    String.valueOf(file.getFileName()),
                    contentType(file),
                    commitment(key, id),
                    COLLECTION);
            publication.record(record);
            return record;
        }
    }

    private static String commitment(SecretBytes key, BlobId id) {
        return HexFormat.of().formatHex(key.read(bytes -> Blake3.deriveKey(COMMITMENT_CONTEXT, bytes, id.bytes())));
    }

    private static String contentType(Path file) {
        String guess = URLConnection.guessContentTypeFromName(String.valueOf(file.getFileName()));
        return guess == null ? "application/octet-stream" : guess;
    }
}
