package io.runnel.store;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * File access that an interruption of its thread does not end. Interrupting a thread closes the channel it uses, for all
 * others too; so the access is begun again, and the thread is interrupted again afterwards.
 */
final class Uninterrupted {
    /** Opens what it needs anew each time. */
    interface Access {
        void run() throws IOException;
    }

    private Uninterrupted() {}

    static void run(Access access) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    access.run();
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
