package io.runnel.devserver.tracker;

import io.runnel.crypto.identity.PeerCredential;
import io.runnel.p2p.signalling.message.ServerMessage.Denied;

/** What became of a request to join. */
sealed interface Verdict {
    /**
     * The credential and the signature are good.
     *
     * @param credential names the member, when its membership ends, and the collection: members of different ones never
     *     meet
     */
    record Admitted(PeerCredential credential) implements Verdict {}

    /** The request is refused. */
    record Refused(Denied.Reason reason) implements Verdict {}
}
