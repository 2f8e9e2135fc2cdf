package io.runnel.devserver.state;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folder in which a dev server keeps everything, and its layout. Any number of processes may have it open: files are
 * only ever replaced whole, by a move. Safe for use on any thread.
 */
public final class StateFolder {
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final Pattern PART = Pattern.compile("[a-z]+-([0-9]{1,18})-[0-9]+\\.part");

    private final Path root;

    private StateFolder(Path root) {
        this.root = root;
    }

    /** Opens the folder, made for its owner alone (0700) where it is absent. */
    public static StateFolder open(Path root) throws IOException {
        StateFolder folder = new StateFolder(root.toAbsolutePath().normalize());
        makePrivate(folder.root);
        makePrivate(folder.catalog());
        makePrivate(folder.blobs());
        makePrivate(folder.keys());
        makePrivate(folder.revoked());
        makePrivate(folder.temporary());
        return folder;
    }

    /** Whether a dev server or an ingest has ever worked on this folder. */
    public static boolean isOne(Path root) {
        return Files.isDirectory(new StateFolder(root).catalog());
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

    /** A new, empty file under {@link #temporary()} that only its owner may read (0600), named after this process. */
    public Path createTemporary(String purpose) throws IOException {
        String prefix = purpose + "-" + ProcessHandle.current().pid() + "-";
        return Files.createTempFile(temporary(), prefix, ".part", permissions("rw-------"));
    }

    /** The temporary files of processes of this machine that ended before they could remove them themselves. */
    public List<Path> abandoned() throws IOException {
        List<Path> abandoned = new ArrayList<>();
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(temporary(), "*.part")) {
            for (Path part : parts) {
                Matcher name = PART.matcher(part.getFileName().toString());
                if (name.matches()
                        && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
                    abandoned.add(part);
                }
            }
        }
        return abandoned;
    }

    /** Writes a file whole, readable by its owner only: readers see the old bytes or the new ones, never a part. */
    public void replace(Path target, byte[] content) throws IOException {
        Path part = createTemporary("write");
        try {
            fill(part, content);
            commit(part, target);
        } finally {
            Files.deleteIfExists(part);
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

    /** Forces a finished temporary file to disk and moves it to its place. */
    public void commit(Path part, Path target) throws IOException {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.force(true);
        } catch (IOException e) {
            throw cannotWrite(e);
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void makePrivate(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, permissions("rwx------"));
        }
    }

    private static FileAttribute<?>[] permissions(String text) {
        return POSIX
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text))}
                : new FileAttribute<?>[0];
    }
}
