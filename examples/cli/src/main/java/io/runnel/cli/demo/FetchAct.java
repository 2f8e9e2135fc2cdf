package io.runnel.cli.demo;

import io.runnel.cli.client.GetReport;
import io.runnel.cli.process.ChildJvm;
import io.runnel.cli.process.Order;
import java.io.IOException;
import java.nio.file.Files;

/**
 * The first act: a viewer fetches the blob from the seeders and the origin together.
 *
 * @param sha256Match whether what the viewer wrote has the input's SHA-256
 * @param get what the viewer told
 */
record FetchAct(boolean sha256Match, GetReport get) {
    /** What a client asks of all sources at once: a smaller file may come from the origin before a peer is connected. */
    private static final long NEEDS_PEERS_BYTES = 16 << 20;

    static FetchAct play(Cast cast, Sha256 expected) throws IOException, InterruptedException {
        cast.say("act 1: a viewer fetches it from the peers and the origin together");
        ChildJvm viewer = cast.viewer();
        viewer.send(new Order.Get(cast.blob().toString(), cast.output(viewer).toString()));
        GetReport get = cast.fetched(viewer).report();
        boolean match = expected.equals(Sha256.of(cast.output(viewer)));
        Files.delete(cast.output(viewer));
        return new FetchAct(match, get);
    }

    /** Whether peers delivered, or the file is too small to need them. */
    boolean peersHelped() {
        return peersDelivered() || get.sizeBytes() < NEEDS_PEERS_BYTES;
    }

    /** The offload, and why it may be nothing. */
    String offload() {
        String percent = "%.1f %%".formatted(100 * get.offload());
        if (peersDelivered()) {
            return percent;
        }
        return peersHelped()
                ? percent + ": the origin had delivered a file this small before a peer was connected"
                : percent + ": PEERS DELIVERED NOTHING";
    }

    private boolean peersDelivered() {
        return get.bytesBySource().entrySet().stream()
                .anyMatch(entry -> entry.getKey().startsWith("peer:") && entry.getValue() > 0);
    }
}
