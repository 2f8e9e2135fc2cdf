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
            description = "The dev server's state folder; by default ./runnel-state where it is there, else ~/.runnel.")
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
        return Files.isDirectory(here) ? here : Path.of(System.getProperty("user.home"), ".runnel");
    }

    /** The id that the text gives in full, or is the beginning of. */
    BlobId blob(String text) throws IOException {
        String digits = digits(text);
        return digits.length() == ID_DIGITS
                ? BlobId.parse(digits)
                : record(digits).blobId();
    }

    /** The record of the one blob in the catalog whose id begins so. */
    CatalogRecord record(String text) throws IOException {
        String beginning = digits(text);
        List<CatalogRecord> matching = Catalog.list(folder()).stream()
                .filter(record -> record.blobId().toString().startsWith(beginning))
                .toList();
        if (matching.isEmpty()) {
            throw new CommandException(
                    ExitCode.NOT_FOUND,
                    "no blob " + beginning + " in the catalog of " + folder() + ": see runnel info");
        }
        if (matching.size() > 1) {
            throw new CommandException(
                    ExitCode.USAGE, matching.size() + " blobs begin with " + beginning + ": give more digits");
        }
        return matching.get(0);
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
