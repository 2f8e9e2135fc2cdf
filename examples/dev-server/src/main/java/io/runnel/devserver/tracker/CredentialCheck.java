package io.runnel.devserver.tracker;

import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.CredentialException;
import io.runnel.crypto.identity.CredentialException.Reason;
import io.runnel.crypto.identity.CredentialSerial;
import io.runnel.crypto.identity.PeerCredential;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.p2p.signalling.message.ClientMessage.Join;
import io.runnel.p2p.signalling.message.ServerMessage.Denied;
import io.runnel.p2p.signalling.message.SwarmProtocol;
import java.nio.ByteBuffer;
import java.util.function.Predicate;

/**
 * Admits who shows a credential of this issuer that is valid now and not revoked, and signs this connection's nonce with
 * its peer key.
 *
 * @param issuer the app server's key
 * @param revoked whose credentials count no more
 */
record CredentialCheck(VerifyingKey issuer, Predicate<CredentialSerial> revoked) implements JoinCheck {
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
        if (!signed) {
            return new Verdict.Refused(Denied.Reason.NOT_AUTHENTIC);
        }
        return revoked.test(credential.serial())
                ? new Verdict.Refused(Denied.Reason.EXPIRED)
                : new Verdict.Admitted(credential);
    }

    private static byte[] copy(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return copy;
    }
}
