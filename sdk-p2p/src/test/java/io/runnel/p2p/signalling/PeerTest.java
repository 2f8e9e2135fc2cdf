package io.runnel.p2p.signalling;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.SwarmId;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.crypto.identity.SwarmIds;
import org.junit.jupiter.api.Test;

class PeerTest {
    private final Peer peer = new Peer(SigningIdentity.generate().publicKey(), new Past());
    private final SecretBytes collection = SecretBytes.random(32);

    private SwarmId swarm(int number) {
        return SwarmIds.of(collection, Village.blob(number));
    }

    @Test
    void saidGone_swarmsItIsNotIn_takeNoRoom() {
        peer.swarms.add(swarm(0));
        for (int i = 0; i < 100; i++) {
            peer.saidGone(swarm(i));
        }
        assertThat(peer.goneFrom).containsExactly(swarm(0));
    }
}
