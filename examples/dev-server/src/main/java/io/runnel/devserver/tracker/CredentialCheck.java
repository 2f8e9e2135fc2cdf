package io.runnel.devserver.tracker;

import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.CredentialException;
import io.runnel.crypto.identity.CredentialException.Reason;
import io.runnel.crypto.identity.PeerCredential;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.p2p.signalling.message.ClientMessage.Join;
import io.runnel.p2p.signalling.message.ServerMessage.Denied;
import io.runnel.p2p.signalling.message.SwarmProtocol;
import java.nio.ByteBuffer;

/**
 * Admits who shows a credential of this issuer that is valid now, and signs this connection's nonce with its peer key.
 *
 * @param issuer the app server's key
 */
record CredentialCheck(VerifyingKey issuer) implements JoinCheck {
    @Override
    public Verdict judge(Join join, byte[] nonce, long nowMillis) {
        byte[] encoded = copy(join.credential());
        PeerCredential credential;
        try {
            credential = PeerCredential.verify(encoded, issuer, nowMillis);
        } catch (CredentialException e) {
            boolean outOfDate = e.reason() == Reason.EXPIRED || e.reason() == Reason.NOT_YET_VALID;
            return new Verdict.Refused(outOfDate ? Denied.Reason.EXPIRED : Denied.Reason.NOT_AUTHENTIC);
        }
        boolean signed = SigningIdentity.verify(
                credential.peerKey(),
                copy(join.signature()),
                SwarmProtocol.JOIN_CONTEXT,
                nonce,
                join.swarm().bytes(),
                encoded);
        return signed
                ? new Verdict.Admitted(credential.peerKey(), credential.scope(), credential.notAfterMillis())
                : new Verdict.Refused(Denied.Reason.NOT_AUTHENTIC);
    }

    private static byte[] copy(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return copy;
    }
}
