package io.runnel.devserver.state;

import io.runnel.sharing.SharingMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The mode that was set for all clients, in a file, so that it outlives the process and other processes can set it. */
public final class ModeFile {
    private final StateFolder folder;
    private final Path file;

    /** The mode of this folder. */
    public ModeFile(StateFolder folder) {
        this.folder = folder;
        this.file = folder.file("mode.json");
    }

    /** Records the mode. On disk when this returns. */
    public void write(SharingMode mode) throws IOException {
        folder.replace(file, Json.encode(Json.object().put("mode", mode.name())));
    }

    /** The mode set last, if one ever was. */
    public Optional<SharingMode> read() throws IOException {
        return Files.exists(file) ? Optional.of(parse(Json.text(Json.read(file), "mode"))) : Optional.empty();
    }

    /**
     * The mode of this name.
     *
     * @throws IOException if there is none
     */
    public static SharingMode parse(String name) throws IOException {
        for (SharingMode mode : SharingMode.values()) {
            if (mode.name().equals(name)) {
                return mode;
            }
        }
        throw new IOException("mode: must be OFF, SHADOW or ON");
    }
}
