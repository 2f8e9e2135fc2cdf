package io.runnel.devserver;

import io.runnel.crypto.BlobId;
import io.runnel.devserver.state.Json;
import io.runnel.devserver.state.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** The records of the blobs that were ingested into a state folder. Safe for use on any thread, beside a running server. */
public final class Catalog {
    /** How much longer a blob is than its plaintext: nonce and tag. */
    static final int OVERHEAD_BYTES = 40;

    private static final String SUFFIX = ".json";
    private static final Pattern RECORD_FILE = Pattern.compile("([0-9a-f]{64})\\" + SUFFIX);

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
     * All records; those that are damaged keep nobody from the others.
     *
     * @throws IOException if the folder is no state folder, or cannot be read
     */
    public static CatalogListing list(Path stateDir) throws IOException {
        StateFolder folder = existing(stateDir);
        List<CatalogRecord> records = new ArrayList<>();
        List<String> damaged = new ArrayList<>();
        for (BlobId id : ids(folder)) {
            try {
                find(folder, id).ifPresent(records::add);
            } catch (IOException e) {
                damaged.add(String.valueOf(e.getMessage()));
            }
        }
        records.sort(Comparator.comparing(CatalogRecord::name).thenComparing(CatalogRecord::blobId));
        return new CatalogListing(records, damaged);
    }

    /**
     * The blobs that have a record, be it damaged.
     *
     * @throws IOException if the folder is no state folder, or cannot be read
     */
    public static List<BlobId> ids(Path stateDir) throws IOException {
        return ids(existing(stateDir));
    }

    private static List<BlobId> ids(StateFolder folder) throws IOException {
        try (Stream<Path> files = Files.list(folder.catalog())) {
            return files.map(file -> RECORD_FILE.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(name -> BlobId.parse(name.group(1)))
                    .sorted()
                    .toList();
        }
    }

    /** Opens a state folder that is there already; makes nothing where it is not. */
    static StateFolder existing(Path stateDir) throws IOException {
        if (!StateFolder.isOne(stateDir)) {
            throw new NoStateFolderException(stateDir);
        }
        return StateFolder.open(stateDir);
    }

    static Optional<CatalogRecord> find(StateFolder folder, BlobId id) throws IOException {
        Path file = file(folder, id);
        try {
            return Optional.of(decode(Json.read(file)));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(
                    file + " is damaged or cannot be read: restore it from a backup, or remove it and ingest the file"
                            + " again",
                    e);
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
    }
}
