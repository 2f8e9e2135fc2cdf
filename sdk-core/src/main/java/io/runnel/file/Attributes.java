package io.runnel.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** What there is under a name. */
public final class Attributes {
    private Attributes() {}

    /**
     * The attributes of what has this name; null where nothing has it. {@link Files#exists} says the same of a name that
     * the system fails to look up.
     *
     * @param options whether a link is followed; a followed link that leads nowhere is nothing
     * @throws IOException if the system does not tell
     */
    public static @Nullable BasicFileAttributes of(Path name, LinkOption... options) throws IOException {
        try {
            return Files.readAttributes(name, BasicFileAttributes.class, options);
        } catch (NoSuchFileException none) {
            return null;
        }
    }
}
