package io.runnel.cli.demo;

import io.runnel.cli.client.GetReport;
import io.runnel.cli.process.ChildJvm;
import io.runnel.cli.process.Event;
import io.runnel.cli.process.LocalSwarm;
import io.runnel.cli.process.Order;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/**
 * The second act: one peer serves corrupted bytes to a viewer that may not use the origin. The liar is there before two
 * honest seeders come back, so that it is certain to be asked, be the blob ever so small.
 *
 * @param sha256Match whether what the viewer wrote has the input's SHA-256
 * @param liar the id under which the viewer met the liar
 * @param get what the viewer told
 */
record LiarAct(boolean sha256Match, String liar, GetReport get) {
    static LiarAct play(Cast cast, Sha256 expected) throws IOException, InterruptedException {
        cast.say("act 2: a fourth peer serves corrupted bytes; another viewer may use peers only");
        LocalSwarm swarm = cast.swarm();
        String blob = cast.blob().toString();
        ChildJvm liar = swarm.peer("liar", "--corrupt");
        ChildJvm viewer = swarm.peer("viewer-2", "--no-origin");
        LocalSwarm.awaitReady(liar);
        liar.send(new Order.Seed(blob));
        cast.complete(liar);
        for (ChildJvm seeder : cast.seeders()) {
            seeder.send(new Order.Leave(blob));
            seeder.await(Event.Gone.class, Cast.PATIENCE);
        }
        LocalSwarm.awaitReady(viewer);
        viewer.send(new Order.Get(blob, cast.output(viewer).toString()));
        String met = viewer.await(Event.Joined.class, Cast.PATIENCE).source();
        List<ChildJvm> back = cast.seeders().subList(0, 2);
        for (ChildJvm seeder : back) {
            seeder.send(new Order.Seed(blob));
        }
        GetReport get = cast.fetched(viewer).report();
        boolean match = expected.equals(Sha256.of(cast.output(viewer)));
        Files.delete(cast.output(viewer));
        swarm.end(viewer);
        swarm.end(liar);
        return new LiarAct(match, met, get);
    }

    /** Whether the liar, and nobody else, was caught. */
    boolean caught() {
        return get.rejectedGroups() > 0 && get.rejectedSources().equals(List.of(liar));
    }
}
