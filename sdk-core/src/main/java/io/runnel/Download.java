package io.runnel;

import io.runnel.engine.BlobReader;
import io.runnel.fetch.DownloadProgress;
import io.runnel.fetch.FetchException;
import io.runnel.file.Attributes;
import io.runnel.file.FolderEntries;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** One download to a file. */
final class Download {
    private static final int PIECE_BYTES = 256 * 1024;

    private final BlobReader reader;
    private final long size;
    private final String name;
    private final Path target;
    private final DownloadProgress progress;
    private final PartFile.Turn turn = new PartFile.Turn();

    /** A download through the reader, which it owns, of a blob of that size. */
    Download(BlobReader reader, long size, String name, Path target, DownloadProgress progress) {
        this.reader = reader;
        this.size = size;
        this.name = name;
        this.target = target.toAbsolutePath();
        this.progress = progress;
    }

    /** Makes {@link #run}, if it is under way, fail soon. Any thread. */
    void cancel() {
        turn.end();
        reader.close();
    }

    void run() throws IOException {
        try (reader) {
            if (!target.getFileSystem().equals(FileSystems.getDefault())) {
                throw new IllegalArgumentException(
                        "target " + target + " is not in the default file system: a download needs its locks");
            }
            requireReplaceable(target);
            try (PartFile part = PartFile.take(target, turn)) {
                fill(part);
                FolderEntries.forceAround(target);
            }
        } catch (ClosedByInterruptException e) {
            throw new FetchException(FetchException.Reason.CLOSED, name + " was interrupted", e);
        }
    }

    private void fill(PartFile part) throws IOException {
        try {
            FileChannel file = part.channel();
            file.truncate(0);
            copy(file);
            // The bytes before the name: after a power cut the target is the old file or all of the new one.
            force(file);
            part.moveToTarget();
        } catch (IOException | RuntimeException | Error failure) {
            // A new run starts from the store, not from this.
            try {
                part.delete();
            } catch (IOException besides) {
                failure.addSuppressed(besides);
            }
            throw failure;
        }
    }

    /** A move would put a file in the place of a device or a pipe, or of the link to one, too: nobody means that. */
    private static void requireReplaceable(Path file) throws IOException {
        BasicFileAttributes there = Attributes.of(file, LinkOption.NOFOLLOW_LINKS);
        if (there != null && there.isSymbolicLink()) {
            there = Attributes.of(file);
        }
        if (file.getFileName() == null || (there != null && !there.isRegularFile())) {
            throw new FileSystemException(
                    file.toString(), null, "is no regular file and is not replaced: name another target");
        }
    }

    private void copy(FileChannel file) throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
        long offset = 0;
        // An empty blob takes one round too: its tag is checked.
        do {
            piece.clear().limit((int) Math.min(PIECE_BYTES, size - offset));
            Pieces.read(reader, offset, piece, size, name);
            piece.flip();
            offset += piece.remaining();
            write(file, piece);
            progress.advanced(offset, size);
        } while (offset < size);
    }

    private void write(FileChannel file, ByteBuffer piece) throws IOException {
        try {
            while (piece.hasRemaining()) {
                file.write(piece);
            }
        } catch (IOException failure) {
            throw named(failure);
        }
    }

    private void force(FileChannel file) throws IOException {
        try {
            file.force(true);
        } catch (IOException failure) {
            throw named(failure);
        }
    }

    /** Says which file could not be written, and what to do: the system's failure names none. */
    private IOException named(IOException failure) {
        if (failure instanceof ClosedByInterruptException) {
            return failure;
        }
        FileSystemException named = new FileSystemException(
                target.toString(),
                null,
                "cannot be written (" + failure.getMessage()
                        + "): check its disk, or make room on it, or name another target");
        named.initCause(failure);
        return named;
    }
}
