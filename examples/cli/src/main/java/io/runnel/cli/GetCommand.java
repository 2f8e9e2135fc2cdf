package io.runnel.cli;

import io.runnel.cli.client.GetReport;
import io.runnel.cli.client.Session;
import io.runnel.cli.client.Sources;
import io.runnel.cli.process.Folders;
import io.runnel.cli.progress.ProgressView;
import io.runnel.cli.report.ExitCode;
import io.runnel.crypto.BlobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Downloads a blob's plaintext. Interrupted, it goes on from where it was when it is run again. */
@Command(name = "get", mixinStandardHelpOptions = true, description = "Download a blob from peers and the origin.")
final class GetCommand implements Callable<Integer> {
    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private final FetchOptions fetch = new FetchOptions();

    @Parameters(paramLabel = "ID", description = "The blob's id, or a beginning of it that no other has.")
    @SuppressWarnings("NullAway.Init") // required: picocli refuses a command line without it
    private String id;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "The file to write.")
    @SuppressWarnings("NullAway.Init") // required: picocli refuses a command line without it
    private Path file;

    @Option(names = "--share", description = "Agree to serve peers what has come while the download runs.")
    private boolean share;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        BlobId blob = connection.blob(id);
        Path target = target();
        Path kept = target.resolveSibling("." + target.getFileName() + ".runnel");
        // What is there is not ours to delete before it is opened: it may be another's, or in use.
        Session session =
                Session.open(connection.access(), fetch.settings(kept, share, false), new Remarks(output.remarks()));
        GetReport report;
        try {
            report = download(session, blob, target);
        } catch (IOException | RuntimeException e) {
            if (!fetch.namesStore() && Folders.holdNothing(kept)) {
                Folders.delete(kept);
            }
            throw e;
        }
        output.report(report);
        if (!fetch.namesStore()) {
            Folders.delete(kept);
        }
        return ExitCode.OK.number();
    }

    private GetReport download(Session opened, BlobId blob, Path target) throws IOException {
        try (Session session = opened;
                ProgressView view = ProgressView.open("get", output.remarks())) {
            // Ended by a signal, what has come so far is still written down for the next run.
            AtEnd.run("runnel-get-end", session::close);
            return session.get(blob, target, (done, total, totals) -> view.update(done, total, Sources.note(totals)));
        }
    }

    /** Where the file is to be; what can be seen to be wrong with it is said before anything is fetched. */
    private Path target() {
        Path target = file.toAbsolutePath().normalize();
        Path folder = target.getParent();
        if (folder == null || file.toString().isEmpty() || Files.isDirectory(target)) {
            throw new ParameterException(command.commandLine(), "--output: must name a file, and not a folder");
        }
        if (!Files.isDirectory(folder)) {
            throw new ParameterException(command.commandLine(), "--output: there is no folder " + folder + ": make it");
        }
        return target;
    }
}
