package io.runnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.cli.client.GetReport;
import io.runnel.cli.process.ChildJvm;
import io.runnel.cli.process.Event;
import io.runnel.cli.process.LocalSwarm;
import io.runnel.cli.process.Order;
import io.runnel.crypto.BlobId;
import io.runnel.devserver.Ingest;
import io.runnel.devserver.IngestListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is cut short goes on: a server that is killed, a viewer that is ended. */
class RestartIT {
    /** A busy machine may take a minute to start a server. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final String TIMEOUT = "--timeout=150";
    private static final int SIZE = 40_000_000;

    @TempDir
    Path folder;

    private Path input;

    @BeforeEach
    void write() throws IOException {
        byte[] bytes = new byte[SIZE];
        new SplittableRandom(1).nextBytes(bytes);
        input = Files.write(folder.resolve("input"), bytes);
    }

    @Test
    void get_serverKilledAndRestartedMidway_isTheInput() throws IOException, InterruptedException {
        try (LocalSwarm swarm = LocalSwarm.start(folder, Duration.ofSeconds(5))) {
            BlobId blob =
                    Ingest.ingest(swarm.state(), input, IngestListener.NONE).blobId();
            ChildJvm viewer = swarm.peer("viewer", "--no-peers", TIMEOUT);
            LocalSwarm.awaitReady(viewer);
            Path output = folder.resolve("out");
            viewer.send(new Order.Get(blob.toString(), output.toString()));
            Event.Progress midway = viewer.await(Event.Progress.class, PATIENCE);
            swarm.killServer();
            assertThat(midway.doneBytes()).isLessThan(SIZE);
            swarm.startServer();
            viewer.await(Event.Fetched.class, PATIENCE);
            assertThat(Files.mismatch(input, output)).isEqualTo(-1);
        }
    }

    @Test
    void get_serverKilledMidwayForGood_peerServesTheRest() throws IOException, InterruptedException {
        try (LocalSwarm swarm = LocalSwarm.start(folder, Duration.ofMinutes(5))) {
            BlobId blob =
                    Ingest.ingest(swarm.state(), input, IngestListener.NONE).blobId();
            ChildJvm seeder = swarm.peer("seeder");
            LocalSwarm.awaitReady(seeder);
            seeder.send(new Order.Seed(blob.toString()));
            seeder.await(Event.Complete.class, PATIENCE);
            ChildJvm viewer = swarm.peer("viewer", "--no-origin", TIMEOUT);
            LocalSwarm.awaitReady(viewer);
            Path output = folder.resolve("out");
            viewer.send(new Order.Get(blob.toString(), output.toString()));
            assertThat(viewer.await(Event.Progress.class, PATIENCE).doneBytes()).isLessThan(SIZE);
            swarm.killServer();
            GetReport report = viewer.await(Event.Fetched.class, PATIENCE).report();
            assertThat(report.offload()).isEqualTo(1.0);
            assertThat(Files.mismatch(input, output)).isEqualTo(-1);
        }
    }

    @Test
    void get_viewerEndedMidwayAndRunAgain_goesOnFromItsStore() throws IOException, InterruptedException {
        try (LocalSwarm swarm = LocalSwarm.start(folder, Duration.ofMinutes(5))) {
            BlobId blob =
                    Ingest.ingest(swarm.state(), input, IngestListener.NONE).blobId();
            Path output = folder.resolve("out");
            ChildJvm first = swarm.peer("viewer", "--no-peers", TIMEOUT);
            LocalSwarm.awaitReady(first);
            first.send(new Order.Get(blob.toString(), output.toString()));
            while (first.await(Event.Progress.class, PATIENCE).doneBytes() < SIZE / 3) {
                // Not yet a third.
            }
            first.close();
            ChildJvm second = swarm.peer("viewer", "--no-peers", TIMEOUT);
            LocalSwarm.awaitReady(second);
            second.send(new Order.Get(blob.toString(), output.toString()));
            GetReport report = second.await(Event.Fetched.class, PATIENCE).report();
            assertThat(report.bytesFromStore()).isPositive();
            assertThat(Files.mismatch(input, output)).isEqualTo(-1);
        }
    }
}
