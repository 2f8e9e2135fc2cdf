package io.runnel.cli.bench;

import io.runnel.cli.process.ChildJvm;
import io.runnel.cli.process.Event;
import io.runnel.cli.process.LocalSwarm;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Data channels with nothing on top: the receiver and each sender are processes of their own, which have sent as many
 * bytes over the same channels before.
 *
 * @param megabytesPerSecond over all channels together
 * @param cpuSeconds of all processes at both ends
 */
record RawRound(double megabytesPerSecond, double cpuSeconds) {
    /** Where there is nothing to compare a fetch with. */
    static final RawRound NONE = new RawRound(0, 0);

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
}
