package io.runnel.p2p;

import java.io.Serial;

/** The ticket that was to renew another names another swarm. */
final class OtherSwarmException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    OtherSwarmException() {
        super("the ticket names another swarm than the one it was to renew");
    }
}
