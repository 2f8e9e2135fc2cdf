package io.runnel.cli.bench;

import io.runnel.cli.process.ChildJvm;
import io.runnel.cli.process.Event;
import io.runnel.cli.process.LocalSwarm;
import io.runnel.cli.process.Order;
import io.runnel.crypto.BlobId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What looped fetches leave behind: one viewer process, one seeder, the origin; a look at the viewer each minute. */
public final class Soak {
    private static final Duration EPOCH = Duration.ofMinutes(5);
    /** For a minute's fetches; the last of them may be slow. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final long sizeBytes;
    private final int minutes;
    private final Duration pause;
    private final PrintWriter remarks;

    /**
     * A soak.
     *
     * @param sizeBytes of the file fetched, random bytes
     * @param minutes how long fetches are looped
     * @param pause between two of them
     */
    public Soak(long sizeBytes, int minutes, Duration pause, PrintWriter remarks) {
        this.sizeBytes = sizeBytes;
        this.minutes = minutes;
        this.pause = pause;
        this.remarks = remarks;
    }

    /**
     * Runs it.
     *
     * @param parent where the temporary folder is made; needs five times the size
     */
    public SoakReport run(Path parent) throws IOException, InterruptedException {
        try (LocalSwarm swarm = LocalSwarm.start(parent, EPOCH)) {
            BlobId blob = BlobPair.publish(swarm, sizeBytes).first();
            ChildJvm seeder = swarm.peer("seeder");
            LocalSwarm.awaitReady(seeder);
            seeder.send(new Order.Seed(blob.toString()));
            seeder.await(Event.Complete.class, PATIENCE);
            ChildJvm viewer = swarm.child("viewer", LocalSwarm.PEER_FLAGS, loop(swarm, blob));
            List<Event.Sampled> samples = new ArrayList<>();
            for (int minute = 1; minute <= minutes; minute++) {
                samples.add(viewer.await(Event.Sampled.class, PATIENCE));
                say(minute, samples.get(minute - 1));
            }
            return SoakReport.of(Machine.current(), sizeBytes, pause, samples);
        }
    }

    private List<String> loop(LocalSwarm swarm, BlobId blob) throws IOException {
        return List.of(
                "loop",
                "--state",
                swarm.state().toString(),
                "--client",
                "viewer",
                "--folder",
                Files.createDirectory(swarm.folder().resolve("viewer")).toString(),
                "--minutes",
                Integer.toString(minutes),
                "--pause",
                Long.toString(pause.toMillis()),
                blob.toString());
    }

    private void say(int minute, Event.Sampled sample) {
        remarks.printf(
                "minute %d, %d fetches: %.1f MB resident, %.1f MB of heap, %d threads, %d descriptors%n",
                minute,
                sample.fetches(),
                sample.footprint().residentBytes() / 1e6,
                sample.footprint().heapBytes() / 1e6,
                sample.footprint().threads(),
                sample.footprint().descriptors());
        remarks.flush();
    }
}
