package io.runnel.store;

import io.runnel.crypto.BlobId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Keeps blobs as plain files: for each blob a folder named by its id, with the ciphertext and the outboard as sparse
 * files and a checksummed record of what of them is there. What was flushed survives a crash.
 *
 * <p>One process at a time may use a folder; a second fails to open it.
 */
public final class DiskBlobStore implements BlobStore {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Path folder;
    private final FileChannel lockFile;
    private final Map<BlobId, DiskBlob> open = new HashMap<>();
    private boolean closed;

    private DiskBlobStore(Path folder, FileChannel lockFile) {
        this.folder = folder;
        this.lockFile = lockFile;
    }

    /**
     * Opens a store, making its folder (owner-only, where the file system knows owners) if there is none.
     *
     * @throws IOException if the folder cannot be used, or another store has it open
     */
    public static DiskBlobStore open(Path folder) throws IOException {
        makeFolder(folder);
        FileChannel lockFile =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!tryLock(lockFile)) {
            lockFile.close();
            throw new IOException("store folder " + folder + " is in use: close the other Runnel client that has it"
                    + " open, or choose another folder");
        }
        return new DiskBlobStore(folder, lockFile);
    }

    private static boolean tryLock(FileChannel lockFile) throws IOException {
        try {
            // Held until the channel is closed.
            FileLock lock = lockFile.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException held) {
            return false;
        }
    }

    private static void makeFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        Files.createDirectories(folder, attributes);
    }

    @Override
    public synchronized StoredBlob open(BlobId id, long sizeBytes) throws IOException {
        if (closed) {
            throw new IOException("store is closed");
        }
        DiskBlob blob = open.get(id);
        if (blob == null) {
            Path home = folder.resolve(id.toString());
            makeFolder(home);
            blob = new DiskBlob(id, sizeBytes, home);
            open.put(id, blob);
        }
        if (blob.sizeBytes() != sizeBytes) {
            throw new IOException("blob " + id + " is kept with size " + blob.sizeBytes() + ", not " + sizeBytes
                    + ": the size given for it changed");
        }
        blob.retain();
        return new DiskHandle(this, id, blob);
    }

    /** A handle was closed; the last one closes the files. */
    synchronized void release(BlobId id, DiskBlob blob) throws IOException {
        if (blob.release()) {
            open.remove(id, blob);
            blob.close();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        IOException failure = null;
        for (DiskBlob blob : open.values()) {
            try {
                blob.close();
            } catch (IOException e) {
                failure = e;
            }
        }
        open.clear();
        lockFile.close();
        if (failure != null) {
            throw failure;
        }
    }
}
