package io.runnel.cli;

import io.runnel.cli.report.CommandException;
import io.runnel.cli.report.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The file in a state folder that says which port the server had, so that clients find it again. */
record PortFile(Path file) {
    private static final int HIGHEST_PORT = 65_535;

    static PortFile of(Path stateFolder) {
        return new PortFile(stateFolder.resolve("port"));
    }

    /** The port; 0, which takes any, before the first start. */
    int read() throws IOException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        } catch (NoSuchFileException never) {
            return 0;
        }
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > HIGHEST_PORT) {
            throw new CommandException(
                    ExitCode.FAILURE,
                    file + " is damaged, it must hold the port that clients know: give that as --port, or remove the"
                            + " file to take any port that is free");
        }
        return Integer.parseInt(text);
    }

    /** In one step: a server that is killed leaves the old port or the new one. */
    void write(int port) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, port + "\n");
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
