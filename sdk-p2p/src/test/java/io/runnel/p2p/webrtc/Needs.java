package io.runnel.p2p.webrtc;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What a test needs of the machine: without it the test is skipped, but fails where the environment says {@code CI}. */
final class Needs {
    private Needs() {}

    static void that(boolean there, String orElse) {
        if (System.getenv("CI") != null) {
            Assertions.assertTrue(there, "in CI nothing is skipped: " + orElse);
        }
        Assumptions.assumeTrue(there, orElse);
    }
}
