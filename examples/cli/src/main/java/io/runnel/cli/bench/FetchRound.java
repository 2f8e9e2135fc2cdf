package io.runnel.cli.bench;

import io.runnel.cli.client.GetReport;
import io.runnel.cli.process.ChildJvm;
import io.runnel.cli.process.Event;
import io.runnel.cli.process.LocalSwarm;
import io.runnel.cli.process.Order;
import io.runnel.crypto.BlobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * One fetch by a fresh viewer process.
 *
 * @param get what the viewer told
 * @param seederCpuSeconds what the serving cost all seeders together
 */
record FetchRound(GetReport get, double seederCpuSeconds) {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** Runs one round with whichever seeders are in the swarm now. */
    static FetchRound run(LocalSwarm swarm, BlobId blob, List<ChildJvm> seeders, String... viewerOptions)
            throws IOException, InterruptedException {
        ChildJvm viewer = swarm.peer("viewer", viewerOptions);
        LocalSwarm.awaitReady(viewer);
        double before = cpuSeconds(seeders);
        Path output = swarm.folder().resolve("viewer.out");
        viewer.send(new Order.Get(blob.toString(), output.toString()));
        GetReport get = viewer.await(Event.Fetched.class, PATIENCE).report();
        double after = cpuSeconds(seeders);
        Files.delete(output);
        swarm.end(viewer);
        return new FetchRound(get, after - before);
    }

    /** Has these seeders, and no others of the list, serve the blob. */
    static void serve(List<ChildJvm> seeders, int serving, BlobId blob) throws IOException, InterruptedException {
        for (ChildJvm seeder : seeders) {
            if (seeders.indexOf(seeder) < serving) {
                seeder.send(new Order.Seed(blob.toString()));
                seeder.await(Event.Complete.class, PATIENCE);
            } else {
                seeder.send(new Order.Leave(blob.toString()));
                seeder.await(Event.Gone.class, PATIENCE);
            }
        }
    }

    private static double cpuSeconds(List<ChildJvm> children) {
        return children.stream().mapToDouble(child -> child.use().cpuSeconds()).sum();
    }
}
