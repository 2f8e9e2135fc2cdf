package io.runnel.cli.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Folders that are ours to make and delete. */
public final class Folders {
    private Folders() {}

    /** Whether there is no byte in any file of a folder, or no folder. */
    public static boolean holdNothing(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return true;
        }
        try (Stream<Path> files = Files.find(folder, 10, (file, its) -> its.isRegularFile() && its.size() > 0)) {
            return files.findAny().isEmpty();
        }
    }

    /** Deletes a folder and all in it; what goes while this runs is no error. */
    public static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (NoSuchFileException gone) {
            // Nothing to delete.
        } catch (UncheckedIOException e) {
            if (!(e.getCause() instanceof NoSuchFileException)) {
                throw e.getCause();
            }
        }
    }
}
