package io.runnel.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The sole right to a store's folder, among all processes of the machine. POSIX locks belong to the process, and closing
 * any descriptor of the file gives them up: so within the process a set of the folders taken is asked first, and the lock
 * file is never opened twice.
 */
final class FolderLock implements AutoCloseable {
    static final String FILE_NAME = "lock";

    private static final Set<Object> TAKEN = ConcurrentHashMap.newKeySet();

    private final Object folderKey;
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable FileChannel file;

    private FolderLock(Object folderKey) {
        this.folderKey = folderKey;
    }

    /** Takes the right to a folder that is there, until the lock is closed. */
    static FolderLock take(Path folder) throws IOException {
        Object key = key(folder);
        if (!TAKEN.add(key)) {
            throw inUse(folder);
        }
        FolderLock lock = new FolderLock(key);
        try {
            lock.lockFile(folder);
            return lock;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private void lockFile(Path folder) throws IOException {
        Path path = folder.resolve(FILE_NAME);
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileSystemException(path + " is not a plain file: remove it from the store's folder");
        }
        Set<OpenOption> options =
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        file = FileChannel.open(path, options, FolderAccess.ownerOnlyFile(FolderAccess.isPosix(folder)));
        try {
            if (file.tryLock() == null) {
                throw inUse(folder);
            }
        } catch (OverlappingFileLockException held) {
            throw inUse(folder);
        }
    }

    private static IOException inUse(Path folder) {
        return new IOException("store folder " + folder + " is in use: close the other Runnel client that has it open,"
                + " or choose another folder");
    }

    /**
     * This is the folder that was taken.
     *
     * @throws IOException if it is another, or none
     */
    void requireHeld(Path folder) throws IOException {
        if (!key(folder).equals(folderKey)) {
            throw new IOException("store folder " + folder + " was replaced while it was in use: close the client");
        }
    }

    /** What tells the folder from others by whatever path it is reached. */
    private static Object key(Path folder) throws IOException {
        Object key = Files.readAttributes(folder, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
        return key == null ? folder.toRealPath() : key;
    }

    /** Idempotent. */
    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            if (file != null) {
                file.close();
            }
        } finally {
            TAKEN.remove(folderKey);
        }
    }
}
