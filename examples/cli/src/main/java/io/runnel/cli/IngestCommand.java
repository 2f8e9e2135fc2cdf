package io.runnel.cli;

import io.runnel.cli.progress.ProgressView;
import io.runnel.cli.report.CommandException;
import io.runnel.cli.report.ExitCode;
import io.runnel.devserver.CatalogRecord;
import io.runnel.devserver.Ingest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Publishes files into a state folder, beside a running server or before one is started. */
@Command(
        name = "ingest",
        mixinStandardHelpOptions = true,
        description = "Encrypt, hash and publish files; prints their ids.")
final class IngestCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final StateOptions state = new StateOptions();

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "What to publish.")
    @SuppressWarnings("NullAway.Init") // required: picocli refuses a command line without it
    private List<Path> files;

    @Override
    public Integer call() throws IOException {
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw new CommandException(ExitCode.USAGE, file + " is not a file: name one that is");
            }
        }
        List<IngestReport.Item> items = new ArrayList<>();
        for (Path file : files) {
            try {
                items.add(ingest(file));
            } catch (IOException | RuntimeException e) {
                output.remarks().println(file + " was not published; published before it: " + published(items));
                throw new UnfinishedIngestException(e, items);
            }
        }
        output.report(new IngestReport(items));
        return ExitCode.OK.number();
    }

    private static String published(List<IngestReport.Item> items) {
        return items.isEmpty()
                ? "none"
                : items.stream().map(item -> item.file() + " as " + item.blob()).collect(Collectors.joining(", "));
    }

    private IngestReport.Item ingest(Path file) throws IOException {
        long started = System.nanoTime();
        try (ProgressView view = ProgressView.open("ingest", output.remarks())) {
            CatalogRecord record = Ingest.ingest(state.folder(), file, (done, total) -> view.update(done, total, ""));
            return IngestReport.Item.of(file, record, System.nanoTime() - started);
        }
    }
}
