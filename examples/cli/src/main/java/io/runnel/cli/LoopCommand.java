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
import io.runnel.store.DiskBlobStore;
import io.runnel.store.DiskStoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * A viewer that fetches again and again, for the benchmark, and once a minute tells what its process holds. Either each
 * fetch is of a client of its own with an empty store, from peers alone and from the origin alone in turn; or one client
 * fetches all, with a store too small to still have a blob when its turn comes again.
 */
@Command(name = "loop", hidden = true, description = "Fetch blobs again and again, and tell what the process holds.")
final class LoopCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

    @Mixin
    private final OutputOptions output = new OutputOptions();

    @Mixin
    private final ConnectionOptions connection = new ConnectionOptions();

    @Option(names = "--folder", required = true, description = "For stores and the output.")
    @SuppressWarnings("NullAway.Init") // required: picocli refuses a command line without it
    private Path folder;

    @Option(names = "--minutes", required = true)
    private int minutes;

    @Option(names = "--pause", required = true, description = "Milliseconds between two fetches.")
    private long pauseMillis;

    @Option(names = "--store-bytes", description = "One client for all fetches, with a store of at most so many bytes.")
    private @Nullable Long storeBytes;

    @Parameters(paramLabel = "ID", arity = "1..*", description = "Fetched in turn.")
    private final List<String> ids = new ArrayList<>();

    /** One of the fetches. */
    private interface Fetch {
        /** @param number how many there were before */
        void run(long number) throws IOException;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<BlobId> blobs = new ArrayList<>();
        for (String id : ids) {
            blobs.add(connection.blob(id));
        }
        if (storeBytes == null) {
            loop(number -> ofNewClient(turn(blobs, number), number % 2 == 0));
        } else {
            DiskStoreSettings bounded = DiskStoreSettings.defaults().withMaxBytes(storeBytes);
            SessionSettings settings = settings(null, SessionSettings.Peers.FETCH, true);
            try (Session session = Session.open(
                    connection.access(), settings, DiskBlobStore.open(store(), bounded), new FetchListener() {})) {
                loop(number -> fetch(session, turn(blobs, number)));
            }
        }
        return ExitCode.OK.number();
    }

    private static BlobId turn(List<BlobId> blobs, long number) {
        return blobs.get((int) (number % blobs.size()));
    }

    private void loop(Fetch fetch) throws IOException, InterruptedException {
        long started = System.nanoTime();
        long fetches = 0;
        for (int minute = 1; minute <= minutes; minute++) {
            do {
                fetch.run(fetches);
                fetches++;
                Thread.sleep(pauseMillis);
            } while (System.nanoTime() - started < minute * MINUTE_NANOS);
            output.line(Json.write(new Event.Sampled(fetches, Footprint.ofThisProcess())));
        }
    }

    private void ofNewClient(BlobId blob, boolean fromPeers) throws IOException {
        SessionSettings settings =
                settings(store(), fromPeers ? SessionSettings.Peers.FETCH : SessionSettings.Peers.NONE, !fromPeers);
        try (Session session = Session.open(connection.access(), settings, new FetchListener() {})) {
            fetch(session, blob);
        }
        Folders.delete(store());
    }

    private void fetch(Session session, BlobId blob) throws IOException {
        Path target = folder.resolve("out");
        GetReport report = session.get(blob, target, (done, total, totals) -> {});
        if (Files.size(target) != report.sizeBytes() || report.bytesFromStore() > 0) {
            throw new CommandException(
                    ExitCode.DIFFERENCE, "a fetch of what the store does not have was not whole: " + report);
        }
        Files.delete(target);
    }

    private Path store() {
        return folder.resolve("store");
    }

    private static SessionSettings settings(@Nullable Path store, SessionSettings.Peers peers, boolean origin) {
        return new SessionSettings(store, peers, origin, false, TIMEOUT);
    }
}
