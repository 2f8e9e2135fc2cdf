package io.runnel.devserver.state;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second server off a state folder. The system lets go of it when the process ends, however it ends. POSIX locks
 * belong to the process, and closing any descriptor of the file gives them up: so within the process a set of the folders
 * taken is asked first, and the lock file is never opened twice.
 */
public final class FolderLock implements AutoCloseable {
    private static final Set<Path> TAKEN = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable FileChannel file;

    private FolderLock(Path folder) {
        this.folder = folder;
    }

    /**
     * Takes the lock.
     *
     * @throws IOException if another server has it
     */
    public static FolderLock take(StateFolder folder) throws IOException {
        Path real = folder.root().toRealPath();
        if (!TAKEN.add(real)) {
            throw inUse();
        }
        FolderLock lock = new FolderLock(real);
        try {
            lock.lockFile();
            return lock;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private void lockFile() throws IOException {
        file = FileChannel.open(folder.resolve("server.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (file.tryLock() == null) {
                throw inUse();
            }
        } catch (OverlappingFileLockException sameFileByAnotherPath) {
            throw inUse();
        }
    }

    private static IOException inUse() {
        return new IOException("another server runs on this state folder: stop it, or choose another folder");
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
            TAKEN.remove(folder);
        }
    }
}
