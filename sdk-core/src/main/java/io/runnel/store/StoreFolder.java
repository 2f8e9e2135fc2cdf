package io.runnel.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A folder of segment files, for one process alone. Keeps few descriptors open, however many files there are. */
final class StoreFolder implements StoreFiles {
    private static final int MOST_OPEN_FILES = 64;

    private final Path folder;
    private final FolderLock lock;
    private final boolean posix;

    /** The files with a descriptor, least recently used first. */
    private final Map<SegmentFile, Boolean> open = new LinkedHashMap<>(16, 0.75f, true);

    private boolean closed;

    private StoreFolder(Path folder, FolderLock lock) {
        this.folder = folder;
        this.lock = lock;
        this.posix = FolderAccess.isPosix(folder);
    }

    /**
     * Takes a folder, making it if there is none.
     *
     * @throws IOException if it cannot be used, is a symbolic link, holds what is not a store's, or is in use
     */
    static StoreFolder take(Path path) throws IOException {
        Path folder = path.toAbsolutePath();
        FolderAccess.prepare(folder);
        return new StoreFolder(folder, FolderLock.take(folder));
    }

    @Override
    public String place() {
        return "store folder " + folder;
    }

    @Override
    public List<SegmentName> names() throws IOException {
        record Found(SegmentName name, long modifiedMillis) {}
        List<Found> found = new ArrayList<>();
        for (Path file : FolderAccess.entries(folder)) {
            SegmentName name = SegmentName.parse(file.getFileName().toString());
            if (name != null) {
                BasicFileAttributes attributes =
                        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (!attributes.isRegularFile()) {
                    throw new IOException(file + " is not a plain file: remove it from the store's folder");
                }
                found.add(new Found(name, attributes.lastModifiedTime().toMillis()));
            }
        }
        found.sort(Comparator.comparingLong(Found::modifiedMillis)
                .thenComparingLong(file -> file.name().number()));
        return found.stream().map(Found::name).toList();
    }

    /**
     * The folder that was taken is still where it was: what is there else, or where a link leads, is not the store's.
     *
     * @throws IOException if it is not
     */
    void requireSame() throws IOException {
        lock.requireHeld(folder);
    }

    @Override
    public StoreFile create(SegmentName name) throws IOException {
        requireSame();
        Path file = folder.resolve(name.toString());
        FileChannel channel = FileChannel.open(file, SegmentFile.NEW, FolderAccess.ownerOnlyFile(posix));
        try {
            if (posix) {
                Uninterrupted.run(this::forceFolder);
            }
            return new SegmentFile(this, file, channel);
        } catch (IOException e) {
            channel.close();
            Files.delete(file);
            throw e;
        }
    }

    /** Without this a file may be forced to the medium, and its name not. */
    private void forceFolder() throws IOException {
        try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    @Override
    public StoreFile open(SegmentName name) {
        return new SegmentFile(this, folder.resolve(name.toString()), null);
    }

    @Override
    public void delete(SegmentName name) throws IOException {
        requireSame();
        Files.deleteIfExists(folder.resolve(name.toString()));
    }

    /**
     * A file has a descriptor and uses it: another that did not for long loses its own.
     *
     * @throws IOException if the folder is closed; the file is to close its descriptor then
     */
    void used(SegmentFile file) throws IOException {
        @Nullable SegmentFile idle;
        synchronized (open) {
            if (closed) {
                throw new IOException("store is closed");
            }
            open.put(file, true);
            idle = open.size() > MOST_OPEN_FILES ? eldest() : null;
        }
        if (idle != null) {
            idle.closeDescriptor();
        }
    }

    /** Closes the descriptor that was not used for longest, if there is any. */
    void freeDescriptor() throws IOException {
        @Nullable SegmentFile idle;
        synchronized (open) {
            idle = open.isEmpty() ? null : eldest();
        }
        if (idle != null) {
            idle.closeDescriptor();
        }
    }

    private SegmentFile eldest() {
        SegmentFile eldest = open.keySet().iterator().next();
        open.remove(eldest);
        return eldest;
    }

    /** A file has no descriptor any more. */
    void closed(SegmentFile file) {
        synchronized (open) {
            open.remove(file);
        }
    }

    @Override
    public void close() throws IOException {
        List<SegmentFile> files;
        synchronized (open) {
            closed = true;
            files = List.copyOf(open.keySet());
        }
        try (lock) {
            for (SegmentFile file : files) {
                file.close();
            }
        }
    }
}
