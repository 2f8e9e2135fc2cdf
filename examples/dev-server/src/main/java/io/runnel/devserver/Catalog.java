package io.runnel.devserver;

import io.runnel.crypto.BlobId;
import io.runnel.devserver.state.Json;
import io.runnel.devserver.state.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** The records of the blobs that were ingested into a state folder. Safe for use on any thread, beside a running server. */
public final class Catalog {
    /** How much longer a blob is than its plaintext: nonce and tag. */
    static final int OVERHEAD_BYTES = 40;

    private static final String SUFFIX = ".json";

    private Catalog() {}

    /**
     * The record of a blob; empty where it was not ingested, or not wholly.
     *
     * @throws IOException if the folder is no state folder, or the record cannot be read or is damaged
     */
    public static Optional<CatalogRecord> find(Path stateDir, BlobId id) throws IOException {
        return find(existing(stateDir), id);
    }

    /**
     * All records, ordered by name and id.
     *
     * @throws IOException if the folder is no state folder, or a record cannot be read or is damaged
     */
    public static List<CatalogRecord> list(Path stateDir) throws IOException {
        StateFolder folder = existing(stateDir);
        List<Path> files;
        try (Stream<Path> entries = Files.list(folder.catalog())) {
            files = entries.filter(file -> file.toString().endsWith(SUFFIX)).toList();
        }
        List<CatalogRecord> records = new ArrayList<>();
        for (Path file : files) {
            records.add(decode(Json.read(file)));
        }
        records.sort((a, b) -> {
            int byName = a.name().compareTo(b.name());
            return byName != 0 ? byName : a.blobId().compareTo(b.blobId());
        });
        return List.copyOf(records);
    }

    /** Opens a state folder that is there already; makes nothing where it is not. */
    static StateFolder existing(Path stateDir) throws IOException {
        if (!StateFolder.isOne(stateDir)) {
            throw new NoStateFolderException(stateDir);
        }
        return StateFolder.open(stateDir);
    }

    static Optional<CatalogRecord> find(StateFolder folder, BlobId id) throws IOException {
        try {
            return Optional.of(decode(Json.read(file(folder, id))));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    /** Whether there is a record of the blob, be it damaged. */
    static boolean names(StateFolder folder, BlobId id) {
        return Files.exists(file(folder, id));
    }

    static void insert(StateFolder folder, CatalogRecord record) throws IOException {
        folder.replace(file(folder, record.blobId()), Json.encode(encode(record)));
    }

    private static Path file(StateFolder folder, BlobId id) {
        return folder.catalog().resolve(id + SUFFIX);
    }

    private static ObjectNode encode(CatalogRecord record) {
        return Json.object()
                .put("blobId", record.blobId().toString())
                .put("bucket", record.bucket())
                .put("key", record.key())
                .put("size", record.sizeBytes())
                .put("plaintextSize", record.plaintextBytes())
                .put("name", record.name())
                .put("contentType", record.contentType())
                .put("keyCommitment", record.keyCommitment())
                .put("collection", record.collection());
    }

    private static CatalogRecord decode(ObjectNode json) throws IOException {
        try {
            return new CatalogRecord(
                    BlobId.parse(Json.text(json, "blobId")),
                    Json.text(json, "bucket"),
                    Json.text(json, "key"),
                    Json.number(json, "size"),
                    Json.number(json, "plaintextSize"),
                    Json.text(json, "name"),
                    Json.text(json, "contentType"),
                    Json.text(json, "keyCommitment"),
                    Json.text(json, "collection"));
        } catch (IllegalArgumentException e) {
            throw new IOException("a record of the catalog is damaged: " + e.getMessage(), e);
        }
    }
}
