package io.runnel.devserver;

import io.runnel.crypto.BlobId;
import io.runnel.devserver.state.StateFolder;
import io.runnel.devserver.state.Temporary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A blob on its way into the catalog. Meanwhile a note of its id lies among the temporary files: by it, what an ingest
 * that failed or was killed had put in place is found, and removed unless a record names it.
 */
final class Publication implements AutoCloseable {
    private static final String PURPOSE = "publish";

    private final StateFolder folder;
    private final Temporary note;

    private Publication(StateFolder folder, Temporary note) {
        this.folder = folder;
        this.note = note;
    }

    /** Called before anything of the blob is in its place. */
    static Publication begin(StateFolder folder, BlobId id) throws IOException {
        Publication publication = new Publication(folder, folder.createTemporary(PURPOSE));
        folder.fill(publication.note.path(), id.toString().getBytes(StandardCharsets.US_ASCII));
        return publication;
    }

    /** Makes the blob known. Comes last. */
    void record(CatalogRecord record) throws IOException {
        Catalog.insert(folder, record);
    }

    /** Removes what was put in place, unless a record names it. */
    @Override
    public void close() throws IOException {
        try (note) {
            removeUnrecorded(folder, note.path());
        }
    }

    /** Removes what processes left that ended in the middle of an ingest. */
    static void removeAbandoned(StateFolder folder) throws IOException {
        folder.removeAbandoned(part -> {
            if (part.getFileName().toString().startsWith(PURPOSE + "-")) {
                removeUnrecorded(folder, part);
            }
        });
    }

    private static void removeUnrecorded(StateFolder folder, Path note) throws IOException {
        Optional<BlobId> id = read(note);
        if (id.isPresent() && !Catalog.names(folder, id.get())) {
            Path blob = folder.blobs().resolve(Ingest.BUCKET).resolve(id.get().toString());
            Files.deleteIfExists(blob);
            Files.deleteIfExists(EncryptedFile.outboardOf(blob));
            Files.deleteIfExists(folder.keys().resolve(id.get().toString()));
        }
    }

    private static Optional<BlobId> read(Path note) throws IOException {
        try {
            return Optional.of(BlobId.parse(Files.readString(note)));
        } catch (IllegalArgumentException notWritten) {
            return Optional.empty();
        } catch (NoSuchFileException removedByAnother) {
            return Optional.empty();
        }
    }
}
