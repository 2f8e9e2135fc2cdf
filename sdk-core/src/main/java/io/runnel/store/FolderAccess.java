package io.runnel.store;

import io.runnel.file.Attributes;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes sure that a store's folder is a real one, ours, and closed to others where the file system knows owners. */
final class FolderAccess {
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

    private FolderAccess() {}

    /**
     * Makes the folder, or checks the one there is; either way only its owner has any right to it on return, who is the user
     * of this process, as far as the system tells.
     */
    static void prepare(Path folder) throws IOException {
        BasicFileAttributes there = Attributes.of(folder, LinkOption.NOFOLLOW_LINKS);
        boolean posix = isPosix(folder);
        if (there == null) {
            Files.createDirectories(folder, posix ? attribute(FOLDER) : new FileAttribute<?>[0]);
        } else {
            requireOurs(folder, there);
        }
        if (posix) {
            close(folder);
        }
    }

    private static void requireOurs(Path folder, BasicFileAttributes there) throws IOException {
        if (there.isSymbolicLink()) {
            throw new IOException("store folder " + folder + " is a symbolic link: name the folder itself");
        }
        if (!there.isDirectory()) {
            throw new IOException("store folder " + folder + " is not a folder: choose another path");
        }
        if (isPosix(folder)) {
            requireOwned(
                    folder, Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName());
        }
        requireMadeForAStore(folder);
    }

    /**
     * A folder with other files in it was not made for a store: its rights and its files are not for us to change. Many
     * programs name a file {@code lock}; beside a segment, what else is there was put into a store. Segments and nothing
     * else are what is left of a store where who deleted it was ended midway.
     */
    private static void requireMadeForAStore(Path folder) throws IOException {
        List<String> names = entries(folder).stream()
                .map(file -> file.getFileName().toString())
                .toList();
        boolean lock = names.contains(FolderLock.FILE_NAME);
        long segments =
                names.stream().filter(name -> SegmentName.parse(name) != null).count();
        boolean alone = names.size() == 1;
        if (segments < names.size() && !(lock && (segments > 0 || alone))) {
            throw new IOException(
                    "store folder " + folder + " holds files that are not a store's: choose an empty one");
        }
    }

    /** What is in a folder. */
    static List<Path> entries(Path folder) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            files.forEach(entries::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return entries;
    }

    /** The superuser may use any folder, but what it put there would be closed to the owner and open to it. */
    private static void requireOwned(Path folder, String owner) throws IOException {
        Optional<String> user = ProcessHandle.current().info().user();
        if (user.isPresent() && !user.get().equals(owner)) {
            throw new IOException(
                    "store folder " + folder + " belongs to the user " + owner + ", and this process runs as "
                            + user.get() + ": run it as " + owner + ", or choose another folder");
        }
    }

    private static void close(Path folder) throws IOException {
        PosixFileAttributeView rights =
                Files.getFileAttributeView(folder, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (!rights.readAttributes().permissions().equals(FOLDER)) {
            rights.setPermissions(FOLDER);
        }
    }

    static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** What a new file in the folder is made with. */
    static FileAttribute<?>[] ownerOnlyFile(boolean posix) {
        return posix ? attribute(FILE) : new FileAttribute<?>[0];
    }

    private static FileAttribute<?>[] attribute(Set<PosixFilePermission> permissions) {
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
    }
}
