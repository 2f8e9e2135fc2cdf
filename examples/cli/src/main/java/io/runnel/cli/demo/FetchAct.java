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
    static FetchAct play(Cast cast, Sha256 expected) throws IOException, InterruptedException {
        cast.say("act 1: a viewer fetches it from the peers and the origin together");
        ChildJvm viewer = cast.viewer();
        viewer.send(new Order.Get(cast.blob().toString(), cast.output(viewer).toString()));
        GetReport get = cast.fetched(viewer).report();
        boolean match = expected.equals(Sha256.of(cast.output(viewer)));
        Files.delete(cast.output(viewer));
        return new FetchAct(match, get);
    }
}
