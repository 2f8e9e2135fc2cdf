package io.runnel.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The names in a folder, which a system may write down later than the files they name. */
public final class FolderEntries {
    private static final Logger LOG = LoggerFactory.getLogger(FolderEntries.class);

    private FolderEntries() {}

    /** Makes what was moved to a file's place survive a power cut, where the platform lets a folder be opened. */
    public static void forceAround(Path file) {
        @Nullable Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            return;
        }
        try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true);
        } catch (IOException notHere) {
            // Windows does not let folders be opened; the file system orders the move itself there.
            LOG.debug("folder {} cannot be forced: {}", folder, notHere.toString());
        }
    }
}
