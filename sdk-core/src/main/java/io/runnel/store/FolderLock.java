package io.runnel.store;

import io.runnel.file.SoleLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The sole right to a store's folder, among all processes of the machine. */
final class FolderLock implements AutoCloseable {
    static final String FILE_NAME = "lock";

    private final Object folderKey;
    private final Object fileKey;
    private final SoleLock lock;

    private FolderLock(Object folderKey, Object fileKey, SoleLock lock) {
        this.folderKey = folderKey;
        this.fileKey = fileKey;
        this.lock = lock;
    }

    /** Takes the right to a folder that is there, until the lock is closed. */
    static FolderLock take(Path folder) throws IOException {
        Object key = key(folder);
        SoleLock lock =
                SoleLock.take(folder.resolve(FILE_NAME), FolderAccess.ownerOnlyFile(FolderAccess.isPosix(folder)));
        if (lock == null) {
            throw new IOException("store folder " + folder
                    + " is in use: close the other Runnel client that has it open, or choose another folder");
        }
        return new FolderLock(key, key(folder.resolve(FILE_NAME)), lock);
    }

    /**
     * This is the folder that was taken, and nobody else can take it.
     *
     * @throws IOException if it is another, or none, or its lock file is
     */
    void requireHeld(Path folder) throws IOException {
        if (!key(folder).equals(folderKey)) {
            throw new IOException("store folder " + folder + " was replaced while it was in use: close the client");
        }
        Path file = folder.resolve(FILE_NAME);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS) || !key(file).equals(fileKey)) {
            // Whoever removed it may have let another client in.
            throw new IOException(file + " was removed or replaced while it was in use: close the client");
        }
    }

    private static Object key(Path folder) throws IOException {
        return SoleLock.folderKey(folder, LinkOption.NOFOLLOW_LINKS);
    }

    /** Idempotent. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
