package io.runnel.devserver.state;

import io.runnel.file.Attributes;
import io.runnel.file.FolderEntries;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * The folder in which a dev server keeps everything, and its layout. Any number of processes may have it open: files are
 * only ever replaced whole, by a move. Safe for use on any thread.
 */
public final class StateFolder {
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final Set<PosixFilePermission> OWNER_ALONE = PosixFilePermissions.fromString("rwx------");
    private static final Pattern PART = Pattern.compile("[a-z]+-[0-9a-f]{16}\\.part");

    private final Path root;

    private StateFolder(Path root) {
        this.root = root;
    }

    /**
     * Opens the folder, made for its owner alone (0700) where it is absent, and closed to everybody else where it is not.
     *
     * @throws IOException if it cannot be made or closed, as where it is somebody else's
     */
    public static StateFolder open(Path root) throws IOException {
        StateFolder folder = new StateFolder(root.toAbsolutePath());
        makePrivate(folder.root);
        makePrivate(folder.catalog());
        makePrivate(folder.blobs());
        makePrivate(folder.keys());
        makePrivate(folder.revoked());
        makePrivate(folder.temporary());
        return folder;
    }

    /**
     * Whether a dev server or an ingest has ever worked on this folder.
     *
     * @throws IOException if the system does not tell, as where it is somebody else's
     */
    public static boolean isOne(Path root) throws IOException {
        BasicFileAttributes catalog = Attributes.of(new StateFolder(root).catalog());
        return catalog != null && catalog.isDirectory();
    }

    /** The records of the blobs, one {@code <blob id>.json} each; no keys. */
    public Path catalog() {
        return root.resolve("catalog");
    }

    /** What the origin serves: {@code <bucket>/<blob id>} and {@code .obao4} beside it. */
    public Path blobs() {
        return root.resolve("blobs");
    }

    /** The keys of the blobs, apart from the catalog. */
    public Path keys() {
        return root.resolve("keys");
    }

    /** One file for each revoked client. */
    public Path revoked() {
        return root.resolve("revoked");
    }

    /** Files under way. On the file system of the rest, so that a move is atomic. */
    public Path temporary() {
        return root.resolve("tmp");
    }

    /** A file directly in the folder. */
    public Path file(String name) {
        return root.resolve(name);
    }

    /** A bucket's folder under {@link #blobs()}, made where absent. */
    public Path bucket(String name) throws IOException {
        Path bucket = blobs().resolve(name);
        makePrivate(bucket);
        return bucket;
    }

    /**
     * A new, empty file under {@link #temporary()} that only its owner may read (0600).
     *
     * @param purpose begins its name; lower-case letters
     */
    public Temporary createTemporary(String purpose) throws IOException {
        Temporary made;
        do {
            String number =
                    HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
            made = Temporary.take(temporary().resolve(purpose + "-" + number + ".part"));
        } while (made == null);
        Files.createFile(made.path(), forItsOwner());
        return made;
    }

    /** Removes the temporary files of processes that ended before they could, after {@code each} has looked at them. */
    public void removeAbandoned(Visitor each) throws IOException {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(temporary(), "*.part")) {
            for (Path part : parts) {
                if (PART.matcher(part.getFileName().toString()).matches()) {
                    try (Temporary left = Temporary.take(part)) {
                        if (left != null) {
                            each.visit(part);
                        }
                    }
                }
            }
        }
    }

    /** Looks at a file. */
    @FunctionalInterface
    public interface Visitor {
        /** The file may be gone. */
        void visit(Path file) throws IOException;
    }

    /** Writes a file whole, readable by its owner only: readers see the old bytes or the new ones, never a part. */
    public void replace(Path target, byte[] content) throws IOException {
        try (Temporary part = createTemporary("write")) {
            fill(part.path(), content);
            commit(part.path(), target);
        }
    }

    /** Writes all of a temporary file. */
    public void fill(Path part, byte[] content) throws IOException {
        try {
            Files.write(part, content);
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /** What to throw where a write failed: of a full disk the system says neither which nor what to do. */
    public IOException cannotWrite(IOException cause) {
        return new IOException(
                "cannot write to the state folder " + root + " (" + cause.getMessage()
                        + "): make room on its disk, or choose another folder",
                cause);
    }

    /** Moves a finished temporary file to its place. On disk there when this returns. */
    public void commit(Path part, Path target) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (IOException e) {
            throw cannotWrite(e);
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        FolderEntries.forceAround(target);
    }

    /** What a file is made with that only its owner may read and write (0600). */
    static FileAttribute<?>[] forItsOwner() {
        return permissions(PosixFilePermissions.fromString("rw-------"));
    }

    private static void makePrivate(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, permissions(OWNER_ALONE));
            FolderEntries.forceAround(folder);
        } else if (POSIX && !OWNER_ALONE.containsAll(Files.getPosixFilePermissions(folder))) {
            closeToOthers(folder);
        }
    }

    private static void closeToOthers(Path folder) throws IOException {
        try {
            Files.setPosixFilePermissions(folder, OWNER_ALONE);
        } catch (IOException e) {
            throw new IOException(
                    folder + " is open to others, and its mode cannot be changed: choose a folder of your own", e);
        }
    }

    private static FileAttribute<?>[] permissions(Set<PosixFilePermission> allowed) {
        return POSIX ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(allowed)} : new FileAttribute<?>[0];
    }
}
