package io.runnel.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.p2p.exchange.ExchangeEffect.Ending;
import io.runnel.p2p.exchange.ExchangeMachine;
import io.runnel.p2p.exchange.Stance;
import io.runnel.p2p.signalling.SessionId;
import io.runnel.p2p.transport.PeerLink;
import io.runnel.source.GroupSet;
import io.runnel.source.SharedBlob;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerSessionTest {
    private final OwnerLoop loop = new OwnerLoop();
    private final List<String> heard = new ArrayList<>();
    private final PeerSession session =
            new PeerSession(SigningIdentity.generate().publicKey(), new SessionId(1, 2), new Surroundings(), 0);

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void wornOut_open_isReplaced() {
        session.start(new Silent());
        session.opened();
        session.wornOut();
        assertThat(heard).containsExactly("opened", "ended, RECONNECT");
    }

    /** The link says it only once. */
    @Test
    void wornOut_beforeItIsOpen_isReplacedOnceItIs() {
        session.start(new Silent());
        session.wornOut();
        session.opened();
        assertThat(heard).containsExactly("opened", "ended, RECONNECT");
    }

    @Test
    void closed_afterAFarewell_isNotLost() {
        session.start(new Silent());
        session.opened();
        session.leave();
        session.closed();
        assertThat(session.lost()).isFalse();
    }

    @Test
    void closed_withoutAFarewell_isLost() {
        session.start(new Silent());
        session.opened();
        session.closed();
        assertThat(session.lost()).isTrue();
        assertThat(heard).containsExactly("opened", "ended, RECONNECT");
    }

    @Test
    void misbehaved_beforeItIsOpenOrAfter_isToldOnceAndEndsForGood() {
        session.start(new Silent());
        session.misbehaved("opened a channel that was not agreed on");
        session.misbehaved("once more");
        session.closed();
        assertThat(heard).containsExactly("misbehaved", "ended, PARTED");
    }

    private static final class Silent implements PeerLink {
        @Override
        public void answered(String remoteAnswer) {}

        @Override
        public void send(List<ByteBuffer> parts) {}

        @Override
        public void close() {}
    }

    private final class Surroundings implements PeerSession.Host, Conversation.Host {
        @Override
        public void described(PeerSession of, String description) {}

        @Override
        public Conversation conversation(PeerSession of, PeerLink link, boolean peerMayServe) {
            return new Conversation(of, link, loop, this, ExchangeMachine.governed(Stance.SERVE, true));
        }

        @Override
        public void opened(PeerSession of) {
            heard.add("opened");
        }

        @Override
        public void misbehaved(PeerSession of, String what) {
            heard.add("misbehaved");
        }

        @Override
        public void ended(PeerSession of, Ending ending) {
            heard.add("ended, " + ending);
        }

        @Override
        public void peerOpened(PeerSession of, SwarmId swarm) {}

        @Override
        public void available(Conversation conversation, SwarmId swarm, GroupSet groups) {}

        @Override
        public void left(PeerSession of, SwarmId swarm) {}

        @Override
        public void wants(Conversation conversation, long bytes) {}

        @Override
        public void late(SwarmId swarm, int bytes) {}

        @Override
        public void unused(long bytes) {}

        @Override
        public void credentialShown(PeerSession of, ByteBuffer encoded) {}

        @Override
        public @Nullable SharedBlob blob(SwarmId swarm) {
            return null;
        }
    }
}
