package io.runnel;

import io.runnel.engine.BlobReader;
import io.runnel.fetch.DownloadProgress;
import io.runnel.file.FolderEntries;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One download to a file. */
final class Download {
    private static final int PIECE_BYTES = 256 * 1024;

    /** The targets of this process's downloads under way. */
    private static final Set<Path> TARGETS = ConcurrentHashMap.newKeySet();

    private final BlobReader reader;
    private final long size;
    private final String name;
    private final Path target;
    private final DownloadProgress progress;

    /** A download through the reader, which it owns, of a blob of that size. */
    Download(BlobReader reader, long size, String name, Path target, DownloadProgress progress) {
        this.reader = reader;
        this.size = size;
        this.name = name;
        this.target = target.toAbsolutePath().normalize();
        this.progress = progress;
    }

    /** Makes {@link #run}, if it is under way, fail soon. Any thread. */
    void cancel() {
        reader.close();
    }

    void run() throws IOException {
        try (reader) {
            requireReplaceable(target);
            Path part = target.resolveSibling(target.getFileName() + ".part");
            requireReplaceable(part);
            requireNoLink(part);
            if (!TARGETS.add(target)) {
                throw inUse();
            }
            try {
                run(part);
            } finally {
                TARGETS.remove(target);
            }
        }
    }

    private void run(Path part) throws IOException {
        Object left = key(part);
        try (FileChannel file = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            // Another process may be at it, or have moved this file to the target since; the lock ends with the
            // channel.
            if (file.tryLock() == null || (left != null && !left.equals(key(part)))) {
                throw inUse();
            }
            try {
                file.truncate(0);
                copy(file);
                // The bytes before the name: after a power cut the target is the old file or all of the new one.
                force(file);
                move(part);
            } catch (IOException | RuntimeException | Error failure) {
                // A new run starts from the store, not from this.
                Files.deleteIfExists(part);
                throw failure;
            }
            FolderEntries.forceAround(target);
        }
    }

    /** What tells a file from others, whatever its name; null where there is none, or the system does not say. */
    private static @Nullable Object key(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (NoSuchFileException none) {
            return null;
        }
    }

    private FileSystemException inUse() {
        return new FileSystemException(
                target.toString(), null, "another download to it is under way: wait for it, or name another target");
    }

    /** A move would put a file in the place of a device or a pipe, too: nobody means that. */
    private static void requireReplaceable(Path file) throws IOException {
        boolean free = !Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        if (file.getFileName() == null
                || !(free || Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.isSymbolicLink(file))) {
            throw new FileSystemException(
                    file.toString(), null, "is no regular file and is not replaced: name another target");
        }
    }

    /** What is written to a link would be written to whatever it leads to. */
    private static void requireNoLink(Path part) throws IOException {
        if (Files.isSymbolicLink(part)) {
            throw new FileSystemException(
                    part.toString(), null, "is a symbolic link and is not followed: remove it, or name another target");
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

    private void move(Path part) throws IOException {
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
