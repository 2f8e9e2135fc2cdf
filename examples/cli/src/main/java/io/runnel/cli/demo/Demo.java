package io.runnel.cli.demo;

import io.runnel.cli.process.LocalSwarm;
import io.runnel.cli.report.Units;
import io.runnel.crypto.BlobId;
import io.runnel.devserver.Ingest;
import io.runnel.devserver.IngestListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Shows the main job on a real file, in three acts, with every party in a process of its own. */
public final class Demo {
    /** Short, so that the third act can show that a revocation holds after an epoch. */
    private static final Duration EPOCH = Duration.ofSeconds(5);

    private final Path input;
    private final PrintWriter remarks;

    /**
     * A demonstration.
     *
     * @param input the file to publish and fetch
     * @param remarks where the course of it is told
     */
    public Demo(Path input, PrintWriter remarks) {
        this.input = input;
        this.remarks = remarks;
    }

    /** Runs all acts. The peers and the server keep about eight copies of the file, in the temporary folder. */
    public DemoReport run() throws IOException, InterruptedException {
        Sha256 expected = Sha256.of(input);
        long started = System.nanoTime();
        say("starting the dev server: origin, keys and tracker, over TLS");
        try (LocalSwarm swarm = LocalSwarm.start(Path.of(System.getProperty("java.io.tmpdir")), EPOCH)) {
            say("publishing " + input + " (" + Units.bytes(Files.size(input)) + "): encrypt, hash, store");
            BlobId blob =
                    Ingest.ingest(swarm.state(), input, IngestListener.NONE).blobId();
            say("blob " + blob);
            Cast cast = Cast.gather(swarm, blob, remarks);
            FetchAct fetch = FetchAct.play(cast, expected);
            LiarAct liar = LiarAct.play(cast, expected);
            RevocationAct revocation = RevocationAct.play(cast, EPOCH);
            return DemoReport.of(
                    input,
                    Files.size(input),
                    blob,
                    new DemoReport.Acts(fetch, liar, revocation),
                    System.nanoTime() - started);
        }
    }

    private void say(String line) {
        remarks.println(line);
        remarks.flush();
    }
}
