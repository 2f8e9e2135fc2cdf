package io.runnel.devserver.state;

import io.runnel.file.SoleLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file under way, and the sole right to it: a lock on a file beside it. The system lets go of the lock when the process
 * ends, however it ends, so that what is left can be told from what is under way: also in another container, where the
 * number of a process says nothing. For one thread.
 */
public final class Temporary implements AutoCloseable {
    private final Path path;
    private final Path lockFile;
    private final SoleLock lock;

    private Temporary(Path path, Path lockFile, SoleLock lock) {
        this.path = path;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /** Takes the right, before the file is made or after who made it ended; null where somebody has it. */
    static @Nullable Temporary take(Path path) throws IOException {
        Path lockFile = path.resolveSibling(path.getFileName() + ".lock");
        SoleLock lock = SoleLock.take(lockFile, StateFolder.forItsOwner());
        return lock == null ? null : new Temporary(path, lockFile, lock);
    }

    /** Where the file is, until it is moved to its place. */
    public Path path() {
        return path;
    }

    /** Removes the file, if it was not moved. Idempotent. */
    @Override
    public void close() throws IOException {
        try {
            Files.deleteIfExists(path);
            Files.deleteIfExists(lockFile);
        } finally {
            lock.close();
        }
    }
}
