package io.runnel.devserver.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.CollectionScope;
import io.runnel.crypto.SwarmId;
import io.runnel.crypto.identity.CredentialSerial;
import io.runnel.crypto.identity.PeerCredential;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.p2p.signalling.message.ClientMessage.Join;
import io.runnel.p2p.signalling.message.ServerMessage.Denied;
import io.runnel.p2p.signalling.message.SwarmProtocol;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CredentialCheckTest {
    private static final long START = 1_000_000;
    private static final long END = START + 600_000;
    private static final SwarmId SWARM = SwarmId.of(new byte[32]);
    private static final CollectionScope SCOPE = CollectionScope.of(new byte[32]);

    private final SigningIdentity issuer = SigningIdentity.generate();
    private final SigningIdentity peer = SigningIdentity.generate();
    private final byte[] nonce = new byte[SwarmProtocol.NONCE_BYTES];
    private final Set<CredentialSerial> revoked = new HashSet<>();
    private final PeerCredential shown =
            new PeerCredential(true, CredentialSerial.random(), peer.publicKey(), SCOPE, START, END);
    private final byte[] credential = shown.issue(issuer);
    private final CredentialCheck check = new CredentialCheck(issuer.publicKey(), revoked::contains);

    @Test
    void judge_goodJoin_isAdmittedForAsLongAsTheCredential() {
        Verdict verdict = check.judge(join(SWARM, nonce), nonce, START);

        assertThat(verdict).isEqualTo(new Verdict.Admitted(shown));
    }

    @Test
    void judge_revokedCredential_isExpired() {
        revoked.add(shown.serial());

        assertThat(check.judge(join(SWARM, nonce), nonce, START)).isEqualTo(new Verdict.Refused(Denied.Reason.EXPIRED));
    }

    @Test
    void judge_outsideTheCredentialsTime_isExpired() {
        Join join = join(SWARM, nonce);

        assertThat(check.judge(join, nonce, END - 1)).isInstanceOf(Verdict.Admitted.class);
        assertThat(check.judge(join, nonce, END)).isEqualTo(new Verdict.Refused(Denied.Reason.EXPIRED));
        assertThat(check.judge(join, nonce, START - 1)).isEqualTo(new Verdict.Refused(Denied.Reason.EXPIRED));
    }

    @Test
    void judge_signatureForAnotherSwarmOrNonce_isNotAuthentic() {
        byte[] otherNonce = nonce.clone();
        otherNonce[31] = 1;
        Join forOtherSwarm = join(SwarmId.of(peer.publicKey().bytes()), nonce);
        Join moved = new Join(SWARM, forOtherSwarm.credential(), forOtherSwarm.signature(), 0, false);

        assertThat(check.judge(moved, nonce, START)).isEqualTo(new Verdict.Refused(Denied.Reason.NOT_AUTHENTIC));
        assertThat(check.judge(join(SWARM, otherNonce), nonce, START))
                .isEqualTo(new Verdict.Refused(Denied.Reason.NOT_AUTHENTIC));
    }

    private Join join(SwarmId swarm, byte[] signedNonce) {
        byte[] signature = peer.sign(SwarmProtocol.JOIN_CONTEXT, signedNonce, swarm.bytes(), credential);
        return new Join(swarm, ByteBuffer.wrap(credential), ByteBuffer.wrap(signature), 0, false);
    }
}
