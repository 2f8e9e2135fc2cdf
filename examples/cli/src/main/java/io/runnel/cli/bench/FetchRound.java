package io.runnel.cli.bench;

import io.runnel.cli.client.GetReport;
import io.runnel.cli.process.ChildJvm;
import io.runnel.cli.process.Event;
import io.runnel.cli.process.LocalSwarm;
import io.runnel.cli.process.Order;
import io.runnel.cli.report.Units;
import io.runnel.crypto.BlobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Fetches by one viewer process: two blobs by one client, then each of them again by clients with an empty store.
 *
 * @param cold the first of the process
 * @param warm the second: connections are made anew, and much of the code is compiled
 * @param later those after it
 * @param seederCpuSeconds what serving the second cost all seeders together
 */
record FetchRound(GetReport cold, GetReport warm, List<GetReport> later, double seederCpuSeconds) {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /**
     * Runs one round with whichever seeders are in the swarms now.
     *
     * @param more how many fetches after the second
     */
    static FetchRound run(LocalSwarm swarm, BlobPair blobs, List<ChildJvm> seeders, int more, String... viewerOptions)
            throws IOException, InterruptedException {
        ChildJvm viewer = swarm.peer("viewer", viewerOptions);
        LocalSwarm.awaitReady(viewer);
        GetReport cold = fetch(swarm, viewer, blobs.first());
        double before = cpuSeconds(seeders);
        GetReport warm = fetch(swarm, viewer, blobs.second());
        double after = cpuSeconds(seeders);
        List<GetReport> later = new ArrayList<>();
        for (int number = 0; number < more; number++) {
            viewer.send(new Order.Renew());
            LocalSwarm.awaitReady(viewer);
            later.add(fetch(swarm, viewer, number % 2 == 0 ? blobs.first() : blobs.second()));
        }
        swarm.end(viewer);
        return new FetchRound(cold, warm, later, after - before);
    }

    private static GetReport fetch(LocalSwarm swarm, ChildJvm viewer, BlobId blob)
            throws IOException, InterruptedException {
        Path output = swarm.folder().resolve("viewer.out");
        viewer.send(new Order.Get(blob.toString(), output.toString()));
        GetReport report = viewer.await(Event.Fetched.class, PATIENCE).report();
        Files.delete(output);
        return report;
    }

    /** The median rate of those after the second. */
    double steadyMegabytesPerSecond() {
        return Medians.of(later, GetReport::megabytesPerSecond);
    }

    /** What the second fetch cost the viewer. */
    double viewerCpuSeconds() {
        return warm.cpuSeconds() - cold.cpuSeconds();
    }

    /** The second fetch's rate without the time to its first byte. */
    double afterFirstByteMegabytesPerSecond() {
        long millis = warm.elapsedMillis() - warm.timeToFirstByteMillis();
        return Units.megabytesPerSecond(
                warm.sizeBytes(), Duration.ofMillis(millis).toNanos());
    }

    /** Has these seeders, and no others of the list, serve both blobs. */
    static void serve(List<ChildJvm> seeders, int serving, BlobPair blobs) throws IOException, InterruptedException {
        for (ChildJvm seeder : seeders) {
            for (BlobId blob : blobs.both()) {
                if (seeders.indexOf(seeder) < serving) {
                    seeder.send(new Order.Seed(blob.toString()));
                    seeder.await(Event.Complete.class, PATIENCE);
                } else {
                    seeder.send(new Order.Leave(blob.toString()));
                    seeder.await(Event.Gone.class, PATIENCE);
                }
            }
        }
    }

    private static double cpuSeconds(List<ChildJvm> children) {
        return children.stream().mapToDouble(child -> child.use().cpuSeconds()).sum();
    }
}
