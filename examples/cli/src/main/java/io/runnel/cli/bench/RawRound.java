package io.runnel.cli.bench;

import io.runnel.cli.process.ChildJvm;
import io.runnel.cli.process.Event;
import io.runnel.cli.process.LocalSwarm;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * What a fetch is measured against: the same way with nothing of Runnel on top. Over data channels the receiver and each
 * sender are processes of their own, which have sent as many bytes over the same channels before.
 *
 * @param megabytesPerSecond over all channels together
 * @param cpuSeconds of all processes at both ends; of the HTTP client alone
 */
record RawRound(double megabytesPerSecond, double cpuSeconds) {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /**
     * Measures once.
     *
     * @param senders how many processes send, over a channel each
     * @param sizeBytes over all channels together
     */
    static RawRound run(LocalSwarm swarm, int senders, long sizeBytes) throws IOException, InterruptedException {
        ChildJvm receiver = swarm.child(
                "raw receiver",
                LocalSwarm.PEER_FLAGS,
                List.of("raw", "--senders", Integer.toString(senders), "--bytes", Long.toString(sizeBytes / senders)));
        Event.Measured measured = receiver.await(Event.Measured.class, PATIENCE);
        swarm.end(receiver);
        return new RawRound(measured.megabytesPerSecond(), measured.cpuSeconds());
    }

    /**
     * The JDK's HTTP client getting the second blob's ciphertext from the origin to a file, the first one before it.
     */
    static RawRound http(LocalSwarm swarm, BlobPair blobs) throws IOException, InterruptedException {
        ChildJvm client = swarm.child(
                "http client",
                LocalSwarm.PEER_FLAGS,
                List.of(
                        "http",
                        "--state",
                        swarm.state().toString(),
                        "--output",
                        swarm.folder().resolve("http.out").toString(),
                        blobs.first().toString(),
                        blobs.second().toString()));
        Event.Measured measured = client.await(Event.Measured.class, PATIENCE);
        swarm.end(client);
        return new RawRound(measured.megabytesPerSecond(), measured.cpuSeconds());
    }
}
