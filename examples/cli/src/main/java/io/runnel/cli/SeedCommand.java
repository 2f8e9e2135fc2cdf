package io.runnel.cli;

import io.runnel.cli.client.Seeding;
import io.runnel.cli.client.Session;
import io.runnel.cli.client.Sources;
import io.runnel.cli.progress.ProgressView;
import io.runnel.cli.report.CommandException;
import io.runnel.cli.report.ExitCode;
import io.runnel.crypto.BlobId;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Fetches a blob's ciphertext and serves it until the process is ended or the client revoked. */
@Command(name = "seed", mixinStandardHelpOptions = true, description = "Fetch a blob and serve it to peers.")
final class SeedCommand implements Callable<Integer> {
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
            names = "--corrupt",
            description = "For demonstration: serve corrupted bytes once the blob is complete. Nobody believes them.")
    private boolean corrupt;

    @Override
    public Integer call() throws IOException, InterruptedException {
        BlobId blob = connection.blob(id);
        try (Session session =
                Session.open(connection.access(), fetch.settings(null, true, corrupt), new Remarks(output.remarks()))) {
            // Ended by a signal, a peer still leaves its swarm.
            Runtime.getRuntime().addShutdownHook(new Thread(session::close, "runnel-seed-end"));
            Seeding seeding;
            try (ProgressView view = ProgressView.open("seed", output.remarks())) {
                seeding = session.seed(blob, (done, total, totals) -> view.update(done, total, Sources.note(totals)));
            }
            output.report(SeedReport.of(seeding, corrupt));
            output.remarks().println("serving; end with Ctrl-C");
            output.remarks().flush();
            session.awaitRevocation();
        }
        throw new CommandException(
                ExitCode.KEY_REVOKED, "the app server revoked this client: blob " + blob + " is served no more");
    }
}
