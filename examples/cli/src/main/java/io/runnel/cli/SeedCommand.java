package io.runnel.cli;

import io.runnel.cli.client.Seeding;
import io.runnel.cli.client.ServerAccess;
import io.runnel.cli.client.Session;
import io.runnel.cli.client.Sources;
import io.runnel.cli.process.Folders;
import io.runnel.cli.progress.ProgressView;
import io.runnel.cli.report.CommandException;
import io.runnel.cli.report.ExitCode;
import io.runnel.crypto.BlobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
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
        ServerAccess access = connection.access();
        Path temporary = Files.createTempDirectory("runnel-seed-");
        Path store = temporary.resolve("store");
        AtomicReference<@Nullable Session> opened = new AtomicReference<>();
        // Ended by a signal, a peer still leaves its swarm.
        AtEnd.run("runnel-seed-end", () -> end(opened.get(), temporary));
        try (Session session =
                Session.open(access, fetch.settings(store, true, corrupt), new Remarks(output.remarks()))) {
            opened.set(session);
            seed(blob, session);
        } finally {
            Folders.delete(temporary);
        }
        throw new CommandException(
                ExitCode.KEY_REVOKED, "the app server revoked this client: blob " + blob + " is served no more");
    }

    /** Serves until the client is revoked. */
    private void seed(BlobId blob, Session session) throws IOException, InterruptedException {
        Seeding seeding;
        try (ProgressView view = ProgressView.open("seed", output.remarks())) {
            seeding = session.seed(blob, (done, total, totals) -> view.update(done, total, Sources.note(totals)));
        }
        output.report(SeedReport.of(seeding, corrupt));
        output.remarks().println("serving; end with Ctrl-C");
        output.remarks().flush();
        session.awaitRevocation();
    }

    private static void end(@Nullable Session session, Path temporary) {
        if (session != null) {
            session.close();
        }
        try {
            Folders.delete(temporary);
        } catch (IOException e) {
            // The system clears its temporary folder in time.
        }
    }
}
