package io.runnel.cli;

import io.runnel.cli.client.GetReport;
import io.runnel.cli.client.Session;
import io.runnel.cli.client.SessionSettings;
import io.runnel.cli.process.Event;
import io.runnel.cli.process.Folders;
import io.runnel.cli.report.CommandException;
import io.runnel.cli.report.ExitCode;
import io.runnel.cli.report.Footprint;
import io.runnel.cli.report.Json;
import io.runnel.crypto.BlobId;
import io.runnel.fetch.FetchListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * A viewer that fetches one blob again and again, for the benchmark: from peers alone and from the origin alone in turn,
 * each time as a client of its own with an empty store. Once a minute it tells what its process holds.
 */
@Command(name = "loop", hidden = true, description = "Fetch a blob again and again, and tell what the process holds.")
final class LoopCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Option(names = "--folder", required = true, description = "For the store and the output, one after the other.")
    @SuppressWarnings("NullAway.Init") // required: picocli refuses a command line without it
    private Path folder;

    @Option(names = "--minutes", required = true)
    private int minutes;

    @Option(names = "--pause", required = true, description = "Milliseconds between two fetches.")
    private long pauseMillis;

    @Parameters(paramLabel = "ID")
    @SuppressWarnings("NullAway.Init") // required: picocli refuses a command line without it
    private String id;

    @Override
    public Integer call() throws IOException, InterruptedException {
        BlobId blob = connection.blob(id);
        long started = System.nanoTime();
        long fetches = 0;
        for (int minute = 1; minute <= minutes; minute++) {
            do {
                fetch(blob, fetches % 2 == 0);
                fetches++;
                Thread.sleep(pauseMillis);
            } while (System.nanoTime() - started < minute * MINUTE_NANOS);
            output.line(Json.write(new Event.Sampled(fetches, Footprint.ofThisProcess())));
        }
        return ExitCode.OK.number();
    }

    private void fetch(BlobId blob, boolean fromPeers) throws IOException {
        Path store = folder.resolve("store");
        Path target = folder.resolve("out");
        SessionSettings settings = new SessionSettings(
                store,
                fromPeers ? SessionSettings.Peers.FETCH : SessionSettings.Peers.NONE,
                !fromPeers,
                false,
                TIMEOUT);
        try (Session session = Session.open(connection.access(), settings, new FetchListener() {})) {
            GetReport report = session.get(blob, target, (done, total, totals) -> {});
            if (Files.size(target) != report.sizeBytes() || report.bytesFromStore() > 0) {
                throw new CommandException(ExitCode.DIFFERENCE, "a fetch into an empty store was not whole: " + report);
            }
        }
        Files.delete(target);
        Folders.delete(store);
    }
}
