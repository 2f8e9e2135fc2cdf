package io.runnel.cli.bench;

import io.runnel.cli.process.ChildJvm;
import io.runnel.cli.process.LocalSwarm;
import java.io.IOException;
import java.io.PrintWriter;
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

    /** Fetches of a viewer after its second: by then its code is compiled. */
    private static final int STEADY_FETCHES = 5;

    private final long sizeBytes;
    private final int rounds;
    private final Path parent;
    private final PrintWriter remarks;

    /**
     * A benchmark.
     *
     * @param sizeBytes of each of the two files, random bytes
     * @param parent where the temporary folder is made; needs thirteen times the size
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
            say("publishing two blobs");
            BlobPair blobs = BlobPair.publish(swarm, sizeBytes);
            List<ChildJvm> seeders = new ArrayList<>();
            for (int i = 1; i <= MOST_SEEDERS; i++) {
                seeders.add(swarm.peer("seeder-" + i));
            }
            for (ChildJvm seeder : seeders) {
                LocalSwarm.awaitReady(seeder);
            }
            say("filling " + MOST_SEEDERS + " seeders, and warming them up");
            FetchRound.serve(seeders, MOST_SEEDERS, blobs);
            FetchRound.run(swarm, blobs, seeders, 0, "--no-origin");
            return measure(swarm, blobs, seeders);
        }
    }

    private BenchReport measure(LocalSwarm swarm, BlobPair blobs, List<ChildJvm> seeders)
            throws IOException, InterruptedException {
        Map<Integer, List<Round>> done = new TreeMap<>();
        List<Round> http = new ArrayList<>();
        for (int number = 1; number <= rounds; number++) {
            for (int count : SEEDERS) {
                RawRound raw = RawRound.run(swarm, count, sizeBytes);
                FetchRound.serve(seeders, count, blobs);
                Round round = new Round(raw, FetchRound.run(swarm, blobs, seeders, STEADY_FETCHES, "--no-origin"));
                done.computeIfAbsent(count, each -> new ArrayList<>()).add(round);
                say("round %d, %d seeders: raw %.1f MB/s, fetch %.1f MB/s, cold %.1f MB/s, steady %.1f MB/s"
                        .formatted(
                                number,
                                count,
                                raw.megabytesPerSecond(),
                                round.fetch().warm().megabytesPerSecond(),
                                round.fetch().cold().megabytesPerSecond(),
                                round.fetch().steadyMegabytesPerSecond()));
            }
            RawRound plain = RawRound.http(swarm, blobs);
            http.add(new Round(plain, FetchRound.run(swarm, blobs, List.of(), STEADY_FETCHES, "--no-peers")));
            FetchRound fetch = http.get(number - 1).fetch();
            say("round %d, HTTPS only: HTTP client %.1f MB/s, fetch %.1f MB/s, steady %.1f MB/s"
                    .formatted(
                            number,
                            plain.megabytesPerSecond(),
                            fetch.warm().megabytesPerSecond(),
                            fetch.steadyMegabytesPerSecond()));
        }
        Map<String, SwarmFigures> figures = new TreeMap<>();
        done.forEach((count, each) -> figures.put(String.valueOf(count), SwarmFigures.of(each)));
        return new BenchReport(Machine.current(), sizeBytes, rounds, figures, SwarmFigures.of(http));
    }

    private void say(String line) {
        remarks.println(line);
        remarks.flush();
    }
}
