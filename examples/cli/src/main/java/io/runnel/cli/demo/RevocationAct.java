package io.runnel.cli.demo;

import io.runnel.cli.process.Event;
import io.runnel.cli.process.Order;
import io.runnel.cli.report.CommandException;
import io.runnel.cli.report.ExitCode;
import io.runnel.devserver.AdminClient;
import java.io.IOException;
import java.time.Duration;

/**
 * The third act: the first viewer's client is revoked, and tries to open the blob again.
 *
 * @param result how its last try ended: {@code KEY_REVOKED} is what should be
 * @param millis from the revocation to that end
 * @param epochMillis the length of an epoch, within which it should be
 */
record RevocationAct(String result, long millis, long epochMillis) {
    static RevocationAct play(Cast cast, Duration epoch) throws IOException, InterruptedException {
        cast.say("act 3: the first viewer's client is revoked; an epoch is " + epoch.toSeconds() + " s");
        AdminClient.revoke(cast.swarm().state(), Cast.VIEWER);
        long revoked = System.nanoTime();
        String result = "OPENED";
        while (result.equals("OPENED") && System.nanoTime() - revoked <= epoch.toNanos()) {
            result = tryToOpen(cast);
        }
        return new RevocationAct(
                result, Duration.ofNanos(System.nanoTime() - revoked).toMillis(), epoch.toMillis());
    }

    private static String tryToOpen(Cast cast) throws IOException, InterruptedException {
        cast.viewer().send(new Order.Open(cast.blob().toString()));
        try {
            cast.viewer().await(Event.Opened.class, Cast.PATIENCE);
            return "OPENED";
        } catch (CommandException refused) {
            return refused.exitCode().name();
        }
    }

    /** Whether the revocation took hold within an epoch. */
    boolean held() {
        return result.equals(ExitCode.KEY_REVOKED.name()) && millis <= epochMillis;
    }
}
