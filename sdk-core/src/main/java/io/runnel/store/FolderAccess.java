package io.runnel.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
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
        if (Files.isSymbolicLink(folder)) {
            throw new IOException("store folder " + folder + " is a symbolic link: name the folder itself");
        }
        boolean posix = isPosix(folder);
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            requireOurs(folder);
        } else {
            Files.createDirectories(folder, posix ? attribute(FOLDER) : new FileAttribute<?>[0]);
        }
        if (posix) {
            close(folder);
        }
    }

    /** A folder with other files in it was not made for a store: its rights and its files are not for us to change. */
    private static void requireOurs(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("store folder " + folder + " is not a folder: choose another path");
        }
        if (isPosix(folder)) {
            requireOwned(
                    folder, Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName());
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            boolean empty = !files.iterator().hasNext();
            if (!empty && !Files.exists(folder.resolve(FolderLock.FILE_NAME), LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(
                        "store folder " + folder + " holds files that are not a store's: choose an empty one");
            }
        }
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
