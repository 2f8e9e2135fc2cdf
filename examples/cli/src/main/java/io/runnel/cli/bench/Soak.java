package io.runnel.cli.bench;

import io.runnel.cli.process.ChildJvm;
import io.runnel.cli.process.Event;
import io.runnel.cli.process.LocalSwarm;
import io.runnel.cli.process.Order;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What looped fetches leave behind: one viewer process, one seeder, the origin; a look at the viewer each minute. Where
 * all fetches are of one client, as in an app, they are of several blobs in turn. The seeder has every other, so that
 * peers and the origin deliver in turn, and the viewer's store is too small for them all.
 */
public final class Soak {
    private static final Duration EPOCH = Duration.ofMinutes(5);
    /** For a minute's fetches; the last of them may be slow. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    /** The least that a store on disk may be told to keep. */
    private static final long LEAST_STORE_BYTES = 32 << 20;

    private final long sizeBytes;
    private final boolean oneClient;
    private final int minutes;
    private final Duration pause;
    private final PrintWriter remarks;

    /**
     * A soak.
     *
     * @param sizeBytes of the file fetched, random bytes
     * @param oneClient whether all fetches are of one client, or each of a client of its own
     * @param minutes how long fetches are looped
     * @param pause between two of them
     */
    public Soak(long sizeBytes, boolean oneClient, int minutes, Duration pause, PrintWriter remarks) {
        this.sizeBytes = sizeBytes;
        this.oneClient = oneClient;
        this.minutes = minutes;
        this.pause = pause;
        this.remarks = remarks;
    }

    /**
     * Runs it.
     *
     * @param parent where the temporary folder is made; needs ten times the size, and as often 16 MiB at least
     */
    public SoakReport run(Path parent) throws IOException, InterruptedException {
        try (LocalSwarm swarm = LocalSwarm.start(parent, EPOCH)) {
            List<String> blobs = new ArrayList<>();
            for (int i = 0; i < (oneClient ? blobsOfOneClient() : 1); i++) {
                blobs.add(BlobPair.publish(swarm, sizeBytes, i).toString());
            }
            ChildJvm seeder = swarm.peer("seeder");
            LocalSwarm.awaitReady(seeder);
            for (int i = 0; i < blobs.size(); i += 2) {
                seeder.send(new Order.Seed(blobs.get(i)));
                seeder.await(Event.Complete.class, PATIENCE);
            }
            ChildJvm viewer = swarm.child("viewer", LocalSwarm.PEER_FLAGS, loop(swarm, blobs));
            List<Event.Sampled> samples = new ArrayList<>();
            for (int minute = 1; minute <= minutes; minute++) {
                samples.add(viewer.await(Event.Sampled.class, PATIENCE));
                say(minute, samples.get(minute - 1));
            }
            return SoakReport.of(Machine.current(), sizeBytes, oneClient, pause, samples);
        }
    }

    private long storeBytes() {
        return Math.max(LEAST_STORE_BYTES, 2 * sizeBytes);
    }

    /** So many that the others alone are more than the store keeps; an even number. */
    private int blobsOfOneClient() {
        int least = 2 + (int) (storeBytes() / sizeBytes);
        return least + least % 2;
    }

    private List<String> loop(LocalSwarm swarm, List<String> blobs) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
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
                Long.toString(pause.toMillis())));
        if (oneClient) {
            arguments.addAll(List.of("--store-bytes", Long.toString(storeBytes())));
        }
        arguments.addAll(blobs);
        return arguments;
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
