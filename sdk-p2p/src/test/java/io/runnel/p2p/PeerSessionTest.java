package io.runnel.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.p2p.exchange.ExchangeEffect.Ending;
import io.runnel.p2p.signalling.SessionId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerSessionTest {
    private final OwnerLoop loop = new OwnerLoop();
    private final List<String> heard = new ArrayList<>();
    private final Surroundings around = new Listening();
    private final PeerSession session =
            new PeerSession(SigningIdentity.generate().publicKey(), new SessionId(1, 2), around, 0);

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void wornOut_open_isReplaced() {
        session.start(around);
        session.opened();
        session.wornOut();
        assertThat(heard).containsExactly("opened", "ended, RECONNECT");
    }

    /** The link says it only once. */
    @Test
    void wornOut_beforeItIsOpen_isReplacedOnceItIs() {
        session.start(around);
        session.wornOut();
        session.opened();
        assertThat(heard).containsExactly("opened", "ended, RECONNECT");
    }

    @Test
    void closed_afterAFarewell_isNotLost() {
        session.start(around);
        session.opened();
        session.leave();
        session.closed();
        assertThat(session.lost()).isFalse();
    }

    @Test
    void closed_withoutAFarewell_isLost() {
        session.start(around);
        session.opened();
        session.closed();
        assertThat(session.lost()).isTrue();
        assertThat(heard).containsExactly("opened", "ended, RECONNECT");
    }

    @Test
    void misbehaved_beforeItIsOpenOrAfter_isToldOnceAndEndsForGood() {
        session.start(around);
        session.misbehaved("opened a channel that was not agreed on");
        session.misbehaved("once more");
        session.closed();
        assertThat(heard).containsExactly("misbehaved", "ended, PARTED");
    }

    private final class Listening extends Surroundings {
        Listening() {
            super(loop);
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
    }
}
