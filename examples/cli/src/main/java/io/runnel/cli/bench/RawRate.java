package io.runnel.cli.bench;

import io.runnel.cli.process.ChildJvm;
import io.runnel.cli.process.Event;
import io.runnel.cli.process.LocalSwarm;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The rate of data channels with nothing on top: the receiver and each sender are processes of their own. */
final class RawRate {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private RawRate() {}

    /**
     * Measures it once.
     *
     * @param senders how many processes send, over a channel each
     * @param sizeBytes over all channels together
     * @return MB/s over all channels together
     */
    static double measure(LocalSwarm swarm, int senders, long sizeBytes) throws IOException, InterruptedException {
        ChildJvm receiver = swarm.child(
                "raw receiver",
                LocalSwarm.PEER_FLAGS,
                List.of("raw", "--senders", Integer.toString(senders), "--bytes", Long.toString(sizeBytes / senders)));
        double rate = receiver.await(Event.Measured.class, PATIENCE).megabytesPerSecond();
        swarm.end(receiver);
        return rate;
    }
}
