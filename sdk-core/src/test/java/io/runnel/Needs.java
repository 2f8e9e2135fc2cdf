package io.runnel;

import java.io.IOException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What a test needs of the machine: without it the test is skipped, but fails where the environment says {@code CI}. */
public final class Needs {
    private Needs() {}

    /** Skips the test, or in CI fails it, where it is not there. */
    public static void that(boolean there, String orElse) {
        if (System.getenv("CI") != null) {
            Assertions.assertTrue(there, "in CI nothing is skipped: " + orElse);
        }
        Assumptions.assumeTrue(there, orElse);
    }

    /** Whether a program is there, and ends well. */
    public static boolean works(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}
