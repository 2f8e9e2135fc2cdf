package io.runnel.p2p;

import io.runnel.crypto.SwarmId;
import io.runnel.p2p.exchange.ExchangeEffect.Ending;
import io.runnel.p2p.exchange.ExchangeMachine;
import io.runnel.p2p.exchange.Stance;
import io.runnel.p2p.transport.PeerLink;
import io.runnel.source.GroupSet;
import io.runnel.source.SharedBlob;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is around a session, its link included: has no blobs, sends nothing, and takes no notice of what it hears. */
class Surroundings implements PeerSession.Host, Conversation.Host, PeerLink {
    private final OwnerLoop loop;

    Surroundings(OwnerLoop loop) {
        this.loop = loop;
    }

    @Override
    public Conversation conversation(PeerSession of, PeerLink link, boolean peerMayServe) {
        return new Conversation(of, link, loop, this, ExchangeMachine.governed(Stance.SERVE, true));
    }

    @Override
    public @Nullable SharedBlob blob(SwarmId swarm) {
        return null;
    }

    @Override
    public void described(PeerSession of, String description) {}

    @Override
    public void opened(PeerSession of) {}

    @Override
    public void misbehaved(PeerSession of, String what) {}

    @Override
    public void ended(PeerSession of, Ending ending) {}

    @Override
    public void peerOpened(PeerSession of, SwarmId swarm) {}

    @Override
    public void available(Conversation conversation, SwarmId swarm, GroupSet groups) {}

    @Override
    public void left(PeerSession of, SwarmId swarm) {}

    @Override
    public void late(SwarmId swarm, int bytes) {}

    @Override
    public void wants(Conversation conversation, long bytes) {}

    @Override
    public void unused(long bytes) {}

    @Override
    public void credentialShown(PeerSession of, ByteBuffer encoded) {}

    @Override
    public void answered(String remoteAnswer) {}

    @Override
    public void send(List<ByteBuffer> parts) {}

    @Override
    public void close() {}
}
