package io.runnel.cli.bench;

import io.runnel.cli.process.ChildJvm;
import io.runnel.cli.process.LocalSwarm;
import io.runnel.crypto.BlobId;
import io.runnel.devserver.Ingest;
import io.runnel.devserver.IngestListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Measures fetches against raw data channels. Rounds of both take turns, so that what else the machine does falls on
 * both.
 */
public final class Bench {
    private static final Duration EPOCH = Duration.ofMinutes(5);
    private static final List<Integer> SEEDERS = List.of(1, 4);
    private static final int MOST_SEEDERS = 4;

    private final long sizeBytes;
    private final int rounds;
    private final Path parent;
    private final PrintWriter remarks;

    /**
     * A benchmark.
     *
     * @param sizeBytes of the file, random bytes
     * @param parent where the temporary folder is made; needs about eight times the size
     */
    public Bench(long sizeBytes, int rounds, Path parent, PrintWriter remarks) {
        this.sizeBytes = sizeBytes;
        this.rounds = rounds;
        this.parent = parent;
        this.remarks = remarks;
    }

    /** Runs all rounds. */
    public BenchReport run() throws IOException, InterruptedException {
        try (LocalSwarm swarm = LocalSwarm.start(parent, EPOCH)) {
            BlobId blob = publish(swarm);
            List<ChildJvm> seeders = new ArrayList<>();
            for (int i = 1; i <= MOST_SEEDERS; i++) {
                seeders.add(swarm.peer("seeder-" + i));
            }
            for (ChildJvm seeder : seeders) {
                LocalSwarm.awaitReady(seeder);
            }
            say("filling " + MOST_SEEDERS + " seeders");
            FetchRound.serve(seeders, MOST_SEEDERS, blob);
            return measure(swarm, blob, seeders);
        }
    }

    private BlobId publish(LocalSwarm swarm) throws IOException {
        Path file = RandomFile.create(swarm.folder(), sizeBytes);
        BlobId blob = Ingest.ingest(swarm.state(), file, IngestListener.NONE).blobId();
        Files.delete(file);
        return blob;
    }

    private BenchReport measure(LocalSwarm swarm, BlobId blob, List<ChildJvm> seeders)
            throws IOException, InterruptedException {
        Map<Integer, List<Double>> raw = new TreeMap<>();
        Map<Integer, List<FetchRound>> fetches = new TreeMap<>();
        List<FetchRound> http = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            for (int count : SEEDERS) {
                double rate = RawRate.measure(swarm, count, sizeBytes);
                raw.computeIfAbsent(count, each -> new ArrayList<>()).add(rate);
                FetchRound.serve(seeders, count, blob);
                FetchRound fetch = FetchRound.run(swarm, blob, seeders, "--no-origin");
                fetches.computeIfAbsent(count, each -> new ArrayList<>()).add(fetch);
                say("round %d, %d seeders: raw %.1f MB/s, fetch %.1f MB/s"
                        .formatted(round, count, rate, fetch.get().megabytesPerSecond()));
            }
            http.add(FetchRound.run(swarm, blob, List.of(), "--no-peers"));
            say("round %d, HTTPS only: %.1f MB/s"
                    .formatted(round, http.get(http.size() - 1).get().megabytesPerSecond()));
        }
        Map<String, SwarmFigures> figures = new TreeMap<>();
        raw.forEach((count, rates) ->
                figures.put(String.valueOf(count), SwarmFigures.of(rates, fetches.getOrDefault(count, List.of()))));
        return new BenchReport(Machine.current(), sizeBytes, rounds, figures, SwarmFigures.of(List.of(0.0), http));
    }

    private void say(String line) {
        remarks.println(line);
        remarks.flush();
    }
}
