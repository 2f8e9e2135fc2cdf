package io.runnel.p2p;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import io.runnel.keys.SwarmTicket;
import io.runnel.source.GroupSet;
import io.runnel.source.Seat;
import io.runnel.source.SharedBlob;
import io.runnel.source.SourceInfo;
import io.runnel.source.SourceProvider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One blob the engine has attached: its listener, and the peers that are sources of it. Owned by the loop. */
final class Membership implements SharedBlob.Subscription {
    /** What a membership asks of its surroundings. */
    interface Host {
        /** The blob's held groups changed. On the loop. */
        void heldChanged(Membership membership, GroupSet held);

        /** The engine closed the subscription. On the loop. */
        void detached(Membership membership);
    }

    final SharedBlob blob;
    private final SourceProvider.Listener listener;
    private final OwnerLoop loop;
    private final Host host;
    private final Map<VerifyingKey, PeerSource> sources = new HashMap<>();
    private final AtomicReference<@Nullable GroupSet> heldNews = new AtomicReference<>();
    private SharedBlob.@Nullable Subscription held;

    @Nullable SwarmTicket ticket;

    /** What was held at any time when the groups gained were counted. */
    GroupSet counted = GroupSet.empty();

    private volatile boolean closed;

    Membership(SharedBlob blob, SourceProvider.Listener listener, OwnerLoop loop, Host host) {
        this.blob = blob;
        this.listener = listener;
        this.loop = loop;
        this.host = host;
    }

    boolean closed() {
        return closed;
    }

    boolean of(SwarmId swarm) {
        SwarmTicket known = ticket;
        return known != null && known.swarm().equals(swarm);
    }

    /** Starts listening to the store. */
    void watch() {
        if (held == null && !closed) {
            held = blob.onHeldChanged(this::heldChanged);
        }
    }

    /** Keeps only the newest word while the loop has not come to it. From threads of the engine. */
    private void heldChanged(GroupSet now) {
        if (heldNews.getAndSet(now) == null) {
            loop.execute(() -> {
                GroupSet newest = heldNews.getAndSet(null);
                if (newest != null && !closed) {
                    host.heldChanged(this, newest);
                }
            });
        }
    }

    /** Whether any peer may become a source. */
    void sourcesMayCome(boolean may) {
        tell(each -> each.sourcesMayCome(may));
    }

    /** A peer says what it holds. */
    void available(Conversation conversation, GroupSet groups) {
        VerifyingKey peer = conversation.session().peer();
        PeerSource known = sources.get(peer);
        if (known == null) {
            PeerSource joined = new PeerSource(conversation, this, groups);
            sources.put(peer, joined);
            tell(each -> each.joined(joined));
        } else {
            known.available(groups);
            tell(each -> each.availabilityChanged(known));
        }
    }

    /** A peer is no source any more. */
    void left(VerifyingKey peer) {
        PeerSource source = sources.remove(peer);
        if (source != null) {
            tell(each -> each.left(source));
        }
    }

    /** No peer is a source any more. */
    void leaveSources() {
        List<PeerSource> all = List.copyOf(sources.values());
        sources.clear();
        for (PeerSource source : all) {
            source.detach();
            tell(each -> each.left(source));
        }
    }

    /** So much came that nobody waits for any more. */
    void late(int bytes) {
        tell(each -> each.late(bytes));
    }

    /** A peer was caught. */
    void misbehaved(SourceInfo source, String what) {
        tell(each -> each.misbehaved(source, what));
    }

    /** The tracker gave this side a place. */
    void seated(Seat seat) {
        tell(each -> each.seated(seat));
    }

    private void tell(Consumer<SourceProvider.Listener> word) {
        if (!closed) {
            word.accept(listener);
        }
    }

    /** From any thread. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        loop.execute(() -> {
            SharedBlob.Subscription watching = held;
            if (watching != null) {
                watching.close();
                held = null;
            }
            sources.values().forEach(PeerSource::detach);
            sources.clear();
            host.detached(this);
        });
    }
}
