package io.runnel.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file that is opened when it is needed, and again where its channel was closed: by the interruption of a thread, or by
 * the folder because it was idle.
 */
final class SegmentFile implements StoreFile {
    /** How a file is made: sparse where the system has to be told. */
    static final Set<OpenOption> NEW = Set.of(
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);

    private final StoreFolder folder;
    private final Path file;
    private @Nullable FileChannel channel;
    private boolean closed;

    /** A file, with a channel where it is open already. */
    SegmentFile(StoreFolder folder, Path file, @Nullable FileChannel channel) {
        this.folder = folder;
        this.file = file;
        this.channel = channel;
    }

    private interface Operation {
        void on(FileChannel channel) throws IOException;
    }

    private void run(Operation operation) throws IOException {
        Uninterrupted.run(() -> {
            while (true) {
                try {
                    operation.on(channel());
                    return;
                } catch (ClosedByInterruptException e) {
                    throw e;
                } catch (ClosedChannelException e) {
                    // Another thread was interrupted, or the folder took the descriptor for another file.
                    failIfClosed();
                }
            }
        });
    }

    private FileChannel channel() throws IOException {
        FileChannel usable;
        try {
            usable = opened();
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            // The process may have run out of descriptors: another file of ours gives one up.
            folder.freeDescriptor();
            usable = opened();
        }
        try {
            folder.used(this);
        } catch (IOException e) {
            closeDescriptor();
            throw e;
        }
        return usable;
    }

    private synchronized FileChannel opened() throws IOException {
        failIfClosed();
        FileChannel usable = channel;
        if (usable == null || !usable.isOpen()) {
            folder.requireSame();
            usable = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            channel = usable;
        }
        return usable;
    }

    private synchronized void failIfClosed() throws IOException {
        if (closed) {
            throw new IOException("store is closed");
        }
    }

    @Override
    public long size() throws IOException {
        long[] size = new long[1];
        run(open -> size[0] = open.size());
        return size[0];
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        int start = target.position();
        run(open -> {
            while (target.hasRemaining()) {
                if (open.read(target, offset + (target.position() - start)) < 0) {
                    throw new EOFException("the file is shorter than its record says");
                }
            }
        });
    }

    @Override
    public void write(long offset, ByteBuffer bytes) throws IOException {
        int start = bytes.position();
        run(open -> {
            while (bytes.hasRemaining()) {
                open.write(bytes, offset + (bytes.position() - start));
            }
        });
    }

    @Override
    public void force() throws IOException {
        run(open -> open.force(false));
    }

    @Override
    public void touch() throws IOException {
        try {
            Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setTimes(FileTime.from(Instant.now()), null, null);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception undeclared) {
            // The JDK closes the file without a look at its own checked exception, which no method there declares.
            throw new IOException(undeclared);
        }
    }

    /** Gives the descriptor back; the next use opens the file again. */
    synchronized void closeDescriptor() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
        }
        folder.closed(this);
        closeDescriptor();
    }
}
