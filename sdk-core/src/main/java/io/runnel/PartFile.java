package io.runnel;

import io.runnel.file.Attributes;
import io.runnel.file.SoleLock;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The file beside a target that a download is written to, {@code .part} added to the name: of one download at a time, among
 * all processes of the machine. POSIX locks belong to the process, and closing any descriptor of the file gives them up: so
 * within the process it is asked first whose turn a target is.
 */
final class PartFile implements AutoCloseable {
    /** A target by its folder, whatever path leads there, and its name. */
    private record Key(Object folder, String name) {}

    /** How long a download that was cancelled is waited for: it ends with the piece that it is writing. */
    private static final long ENDING_MILLIS = 5_000;

    /** The targets of this process's downloads under way, and whose turn each is. */
    private static final Map<Key, Turn> TAKEN = new ConcurrentHashMap<>();

    /** One download's turn to write to a target. Safe for use on any thread. */
    static final class Turn {
        private final CountDownLatch over = new CountDownLatch(1);
        private volatile boolean ending;

        /** It will be over soon: whoever wants the target waits for that. */
        void end() {
            ending = true;
        }

        private boolean overSoon() throws ClosedByInterruptException {
            try {
                return ending && over.await(ENDING_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ClosedByInterruptException();
            }
        }
    }

    private final Key key;
    private final Path target;
    private final Path file;
    private final @Nullable Object fileKey;
    private final FileChannel channel;

    private PartFile(Key key, Path target, Path file, @Nullable Object fileKey, FileChannel channel) {
        this.key = key;
        this.target = target;
        this.file = file;
        this.fileKey = fileKey;
        this.channel = channel;
    }

    /**
     * Takes the right to write to a target until it is closed. Waits for a download in this process that is ending.
     *
     * @param target absolute, with a name
     * @param turn of who takes it
     * @throws IOException if somebody else has it, or the file is no plain one or cannot be opened
     */
    static PartFile take(Path target, Turn turn) throws IOException {
        Path folder = Objects.requireNonNull(target.getParent());
        Key key = new Key(SoleLock.folderKey(folder), String.valueOf(target.getFileName()));
        for (Turn other = TAKEN.putIfAbsent(key, turn); other != null; other = TAKEN.putIfAbsent(key, turn)) {
            if (!other.overSoon()) {
                throw inUse(target);
            }
        }
        boolean taken = false;
        try {
            PartFile part = open(key, target);
            taken = true;
            return part;
        } finally {
            if (!taken) {
                release(key);
            }
        }
    }

    private static void release(Key key) {
        Turn turn = TAKEN.remove(key);
        if (turn != null) {
            turn.over.countDown();
        }
    }

    private static PartFile open(Key key, Path target) throws IOException {
        Path file = target.resolveSibling(target.getFileName() + ".part");
        try {
            // Another process may be at it, or have moved it to the target since: so the file that is there is known
            // before it is opened, and has its name still when it is locked. The lock ends with the channel.
            Object fileKey = foundOrMade(file, target).fileKey();
            FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            boolean locked = false;
            try {
                locked = channel.tryLock() != null && has(file, fileKey);
            } finally {
                if (!locked) {
                    channel.close();
                }
            }
            if (locked) {
                return new PartFile(key, target, file, fileKey, channel);
            }
            throw inUse(target);
        } catch (FileAlreadyExistsException | NoSuchFileException | OverlappingFileLockException another) {
            throw inUse(target);
        }
    }

    private static BasicFileAttributes foundOrMade(Path file, Path target) throws IOException {
        BasicFileAttributes found = found(file, target);
        if (found == null) {
            Files.createFile(file);
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        }
        if (found.isSymbolicLink()) {
            // What is written to it would be written to whatever it leads to.
            throw new FileSystemException(
                    file.toString(), null, "is a symbolic link and is not followed: remove it, or name another target");
        }
        if (!found.isRegularFile()) {
            throw new FileSystemException(
                    file.toString(), null, "is no regular file and is not replaced: name another target");
        }
        return found;
    }

    /** What is there. Its name is longer than the target's, which the caller gave: it may be too long. */
    private static @Nullable BasicFileAttributes found(Path file, Path target) throws IOException {
        try {
            return Attributes.of(file, LinkOption.NOFOLLOW_LINKS);
        } catch (FileSystemException e) {
            FileSystemException named = new FileSystemException(
                    target.toString(),
                    null,
                    "the file beside it, with .part added to its name, cannot be made (" + e.getReason()
                            + "): choose a shorter name");
            named.initCause(e);
            throw named;
        }
    }

    /** Whether the name is still that of the file. */
    private static boolean has(Path name, @Nullable Object fileKey) throws IOException {
        BasicFileAttributes now = Attributes.of(name, LinkOption.NOFOLLOW_LINKS);
        return now != null && Objects.equals(now.fileKey(), fileKey);
    }

    private static FileSystemException inUse(Path target) {
        return new FileSystemException(
                target.toString(), null, "another download to it is under way: wait for it, or name another target");
    }

    /** What is written goes here; open until this is closed. */
    FileChannel channel() {
        return channel;
    }

    /**
     * Gives the file the target's name.
     *
     * @throws IOException if that fails, or another file has its name by now
     */
    void moveToTarget() throws IOException {
        if (!has(file, fileKey)) {
            throw new FileSystemException(
                    file.toString(),
                    null,
                    "was removed or replaced while the download was written to it: start the download again");
        }
        try {
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Deletes the file, and no other that has its name by now. */
    void delete() throws IOException {
        if (has(file, fileKey)) {
            Files.deleteIfExists(file);
        }
    }

    /** Lets others write to the target. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            release(key);
        }
    }
}
