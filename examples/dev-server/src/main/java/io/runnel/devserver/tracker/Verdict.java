package io.runnel.devserver.tracker;

import io.runnel.crypto.CollectionScope;
import io.runnel.crypto.VerifyingKey;
import io.runnel.p2p.signalling.message.ServerMessage.Denied;

/** What became of a request to join. */
sealed interface Verdict {
    /**
     * The credential and the signature are good.
     *
     * @param peer the member's name in the swarm
     * @param scope the collection the credential is for: members of different scopes never meet
     * @param notAfterMillis when the credential ends, in milliseconds since 1970
     */
    record Admitted(VerifyingKey peer, CollectionScope scope, long notAfterMillis) implements Verdict {}

    /** The request is refused. */
    record Refused(Denied.Reason reason) implements Verdict {}
}
