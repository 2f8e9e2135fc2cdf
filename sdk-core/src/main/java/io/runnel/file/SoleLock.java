package io.runnel.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The sole right to a lock file, among all processes of the machine. POSIX locks belong to the process, and closing any
 * descriptor of the file gives them up: so within the process a set of the files taken is asked first, and a lock file is
 * never opened twice. The file stays when the lock is closed. Safe for use on any thread.
 */
public final class SoleLock implements AutoCloseable {
    /** A file by its folder, whatever path leads there, and its name. */
    private record Key(Object folder, String name) {}

    private static final Set<Key> TAKEN = ConcurrentHashMap.newKeySet();

    private final Key key;
    private final AtomicBoolean closed = new AtomicBoolean();
    private @Nullable FileChannel channel;

    private SoleLock(Key key) {
        this.key = key;
    }

    /**
     * Takes the right until it is closed.
     *
     * @param file in a folder that is there; made if it is not there
     * @param made what it is made with
     * @return null where somebody else has it
     * @throws IOException if it cannot be opened, or is not a plain file
     */
    public static @Nullable SoleLock take(Path file, FileAttribute<?>... made) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path folder = absolute.getParent();
        if (folder == null) {
            throw new FileSystemException(file + " is no file");
        }
        SoleLock lock = new SoleLock(new Key(folderKey(folder), String.valueOf(absolute.getFileName())));
        if (!TAKEN.add(lock.key)) {
            return null;
        }
        boolean locked = false;
        try {
            locked = lock.lock(absolute, made);
            return locked ? lock : null;
        } finally {
            if (!locked) {
                lock.close();
            }
        }
    }

    private boolean lock(Path file, FileAttribute<?>... made) throws IOException {
        BasicFileAttributes there = Attributes.of(file, LinkOption.NOFOLLOW_LINKS);
        if (there != null && !there.isRegularFile()) {
            throw new FileSystemException(file + " is not a plain file: remove it");
        }
        FileChannel opened = FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS), made);
        channel = opened;
        try {
            return opened.tryLock() != null;
        } catch (OverlappingFileLockException held) {
            return false;
        }
    }

    /**
     * What tells a folder from others, by whatever path it is reached.
     *
     * @param options whether a link is followed
     */
    public static Object folderKey(Path folder, LinkOption... options) throws IOException {
        Object key =
                Files.readAttributes(folder, BasicFileAttributes.class, options).fileKey();
        return key == null ? folder.toRealPath() : key;
    }

    /** Lets others have it. Idempotent. */
    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            TAKEN.remove(key);
        }
    }
}
