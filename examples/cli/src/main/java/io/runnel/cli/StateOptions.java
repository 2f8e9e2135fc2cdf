package io.runnel.cli;

import io.runnel.cli.report.CommandException;
import io.runnel.cli.report.ExitCode;
import io.runnel.crypto.BlobId;
import io.runnel.devserver.Catalog;
import io.runnel.devserver.CatalogRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which state folder a command works on. */
public final class StateOptions {
    private static final int ID_DIGITS = 64;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = {
                // Two lines: broken by width, it is broken within a path.
                "The dev server's state folder; by default",
                "./runnel-state where it is there, else ~/.runnel."
            })
    private @Nullable Path state;

    /** The folder named, or the default one. */
    Path folder() {
        if (state != null) {
            if (state.toString().isEmpty()) {
                throw new CommandException(ExitCode.USAGE, "--state: must name a folder");
            }
            return state.toAbsolutePath();
        }
        Path here = Path.of("runnel-state").toAbsolutePath();
        return Files.isDirectory(here) ? here : home(System.getenv("HOME")).resolve(".runnel");
    }

    /** What the shell calls ~: the JVM's own idea of it ignores the variable. */
    static Path home(@Nullable String variable) {
        return Path.of(
                variable == null || !Path.of(variable).isAbsolute() ? System.getProperty("user.home") : variable);
    }

    /** The id that the text gives in full, or is the beginning of. */
    BlobId blob(String text) throws IOException {
        String digits = digits(text);
        return digits.length() == ID_DIGITS ? BlobId.parse(digits) : only(digits);
    }

    /** The record of the one blob in the catalog whose id begins so. */
    CatalogRecord record(String text) throws IOException {
        BlobId id = only(digits(text));
        return Catalog.find(folder(), id).orElseThrow(() -> notFound(id.toString()));
    }

    private BlobId only(String beginning) throws IOException {
        List<BlobId> matching = Catalog.ids(folder()).stream()
                .filter(id -> id.toString().startsWith(beginning))
                .toList();
        if (matching.isEmpty()) {
            throw notFound(beginning);
        }
        if (matching.size() > 1) {
            throw new CommandException(
                    ExitCode.USAGE, matching.size() + " blobs begin with " + beginning + ": give more digits");
        }
        return matching.get(0);
    }

    private CommandException notFound(String id) {
        return new CommandException(
                ExitCode.NOT_FOUND, "no blob " + id + " in the catalog of " + folder() + ": see runnel info");
    }

    private static String digits(String text) {
        String digits = text.toLowerCase(Locale.ROOT);
        if (!digits.matches("[0-9a-f]{0," + ID_DIGITS + "}")) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "ID: must be a blob's id of " + ID_DIGITS + " hexadecimal digits, or its beginning");
        }
        return digits;
    }
}
