package io.runnel.p2p;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import io.runnel.p2p.exchange.ExchangeEffect;
import io.runnel.p2p.exchange.ExchangeMachine;
import io.runnel.p2p.signalling.SessionId;
import io.runnel.p2p.transport.PeerLink;
import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SharedBlob;
import io.runnel.source.SourceException;
import io.runnel.source.SourceInfo;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one peer: carries out what its exchange machine wants, on the loop, and brings it what the link and
 * the stores say. Everything but the listener's methods, {@link #execute} and {@link #nextId} is for the loop.
 */
final class PeerSession implements PeerLink.Listener, ExchangeEffect.Sink {
    /** Received bytes the loop has not come to; a peer that sends more was not asked for it. */
    private static final long MAX_BACKLOG_BYTES = 16 << 20;

    /** What a session asks of its surroundings; all on the loop. */
    interface Host {
        void described(PeerSession session, String description);

        void opened(PeerSession session);

        void peerOpened(PeerSession session, SwarmId swarm);

        void available(PeerSession session, SwarmId swarm, GroupSet groups);

        void left(PeerSession session, SwarmId swarm);

        void credentialShown(PeerSession session, ByteBuffer encoded);

        void misbehaved(PeerSession session, String what);

        void ended(PeerSession session, boolean reconnect);

        /** The blob of a swarm, or null where it is not attached any more. */
        @Nullable SharedBlob blob(SwarmId swarm);
    }

    private final VerifyingKey peer;
    private final SessionId id;
    private final SourceInfo info;
    private final OwnerLoop loop;
    private final Host host;
    private final boolean serves;
    private final AtomicLong backlog = new AtomicLong();
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, BlobSource.GroupReceiver> receivers = new HashMap<>();
    private final Map<Long, CompletableFuture<ByteBuffer>> questions = new HashMap<>();
    private final Map<SwarmId, GroupSet> available = new HashMap<>();
    private @Nullable PeerLink link;
    private @Nullable ExchangeMachine machine;
    private boolean peerMayServe;
    private boolean reconnect;
    private volatile boolean ended;

    PeerSession(VerifyingKey peer, SessionId id, OwnerLoop loop, Host host, boolean serves) {
        this.peer = peer;
        this.id = id;
        this.loop = loop;
        this.host = host;
        this.serves = serves;
        this.info = infoOf(peer);
    }

    static SourceInfo infoOf(VerifyingKey peer) {
        return new SourceInfo("peer:" + peer.toString().substring(0, 12), SourceInfo.Kind.PEER);
    }

    VerifyingKey peer() {
        return peer;
    }

    SessionId id() {
        return id;
    }

    SourceInfo info() {
        return info;
    }

    /** Runs on the loop; false where the session has ended already. From any thread. */
    boolean execute(Runnable task) {
        if (ended) {
            return false;
        }
        loop.execute(task);
        return true;
    }

    /** A name for a transfer or question, unlike all before. From any thread. */
    long nextId() {
        return ids.incrementAndGet();
    }

    void start(PeerLink made) {
        link = made;
    }

    /** The peer's answer has come and was checked. */
    void accept(String sdp, boolean mayServe) {
        admit(mayServe);
        if (link != null) {
            link.answered(sdp);
        }
    }

    void admit(boolean mayServe) {
        peerMayServe = mayServe;
    }

    // From the sources and the swarm.

    void openBlob(SwarmId swarm, SharedBlob blob) {
        if (machine != null && ExchangeMachine.canName(blob.sizeBytes())) {
            apply(machine.openBlob(swarm, blob.sizeBytes(), blob.held(), loop.nanos()));
        }
    }

    /** What the peer says it holds, or null where it is no source. */
    @Nullable GroupSet availableIn(SwarmId swarm) {
        return available.get(swarm);
    }

    void closeBlob(SwarmId swarm) {
        if (machine != null) {
            apply(machine.closeBlob(swarm, loop.nanos()));
        }
    }

    void heldChanged(SwarmId swarm, GroupSet held) {
        if (machine != null) {
            apply(machine.heldChanged(swarm, held, loop.nanos()));
        }
    }

    void fetch(long transfer, Membership membership, GroupRange groups, BlobSource.GroupReceiver receiver) {
        if (machine == null || membership.ticket == null) {
            receiver.failed(failure(SourceException.Reason.CLOSED, "has left", 0));
            return;
        }
        receivers.put(transfer, receiver);
        apply(machine.fetch(transfer, membership.ticket.swarm(), groups, loop.nanos()));
    }

    void cancel(long transfer) {
        if (machine != null && receivers.containsKey(transfer)) {
            apply(machine.cancel(transfer, loop.nanos()));
        }
    }

    void tree(Membership membership, long offset, int length, CompletableFuture<ByteBuffer> answer) {
        if (machine == null || membership.ticket == null) {
            answer.completeExceptionally(failure(SourceException.Reason.CLOSED, "has left", 0));
            return;
        }
        long question = nextId();
        questions.put(question, answer);
        apply(machine.tree(question, membership.ticket.swarm(), offset, length, loop.nanos()));
    }

    void show(ByteBuffer credential) {
        if (machine != null) {
            apply(machine.showCredential(credential.duplicate(), loop.nanos()));
        }
    }

    /** Says goodbye where there is someone to hear it, and closes. */
    void leave() {
        if (machine != null) {
            apply(machine.leave(loop.nanos()));
        }
        finish();
    }

    private void finish() {
        if (ended) {
            return;
        }
        ended = true;
        if (link != null) {
            link.close();
        }
        host.ended(this, reconnect);
    }

    private SourceException failure(SourceException.Reason reason, String what, long retryAfterMillis) {
        return new SourceException(reason, info.id() + " " + what, Duration.ofMillis(retryAfterMillis));
    }

    private void apply(List<ExchangeEffect> effects) {
        for (ExchangeEffect effect : effects) {
            effect.deliver(this);
        }
    }

    // From the link, on its threads.

    @Override
    public void described(String description) {
        loop.execute(() -> {
            if (!ended) {
                host.described(this, description);
            }
        });
    }

    @Override
    public void opened() {
        loop.execute(() -> {
            if (!ended) {
                ExchangeMachine opened = new ExchangeMachine(serves, peerMayServe);
                machine = opened;
                apply(opened.opened(loop.nanos()));
                host.opened(this);
            }
        });
    }

    @Override
    public void received(ByteBuffer message) {
        int size = message.remaining();
        if (backlog.addAndGet(size) > MAX_BACKLOG_BYTES) {
            loop.execute(this::flooded);
            return;
        }
        loop.execute(() -> {
            backlog.addAndGet(-size);
            if (machine != null) {
                apply(machine.received(message, loop.nanos()));
            }
        });
    }

    private void flooded() {
        if (!ended) {
            host.misbehaved(this, "sent far more than was asked for");
            leave();
        }
    }

    @Override
    public void handedOver(long bytes) {
        loop.execute(() -> {
            if (machine != null) {
                apply(machine.handedOver(bytes, loop.nanos()));
            }
        });
    }

    @Override
    public void wornOut() {
        loop.execute(() -> {
            if (machine != null) {
                apply(machine.drain(loop.nanos()));
            }
        });
    }

    @Override
    public void closed(String why) {
        loop.execute(() -> {
            if (machine != null) {
                apply(machine.lost(loop.nanos()));
            }
            finish();
        });
    }

    // From the machine.

    @Override
    public void send(ExchangeEffect.Send effect) {
        if (link != null) {
            link.send(effect.parts());
        }
    }

    @Override
    public void readGroups(ExchangeEffect.ReadGroups effect) {
        SharedBlob blob = host.blob(effect.swarm());
        if (blob == null) {
            loop.execute(() -> read(effect.read(), ByteBuffer.allocate(0)));
        } else {
            answer(effect.read(), blob.readGroups(effect.groups()));
        }
    }

    @Override
    public void readTree(ExchangeEffect.ReadTree effect) {
        SharedBlob blob = host.blob(effect.swarm());
        if (blob == null) {
            loop.execute(() -> read(effect.read(), ByteBuffer.allocate(0)));
        } else {
            answer(effect.read(), blob.readTree(effect.offset(), effect.length()));
        }
    }

    private void answer(long read, CompletableFuture<ByteBuffer> bytes) {
        CompletableFuture<?> unused =
                bytes.whenComplete((got, failed) -> loop.execute(() -> read(read, failed == null ? got : null)));
    }

    private void read(long read, @Nullable ByteBuffer bytes) {
        if (machine != null) {
            apply(machine.read(read, bytes, loop.nanos()));
        }
    }

    @Override
    public void wakeAt(ExchangeEffect.WakeAt effect) {
        loop.at(effect.nanos(), () -> {
            if (machine != null && !ended) {
                apply(machine.wake(loop.nanos()));
            }
        });
    }

    @Override
    public void peerOpened(ExchangeEffect.PeerOpened effect) {
        host.peerOpened(this, effect.swarm());
    }

    @Override
    public void available(ExchangeEffect.Available effect) {
        available.put(effect.swarm(), effect.groups());
        host.available(this, effect.swarm(), effect.groups());
    }

    @Override
    public void left(ExchangeEffect.Left effect) {
        available.remove(effect.swarm());
        host.left(this, effect.swarm());
    }

    @Override
    public void delivered(ExchangeEffect.Delivered effect) {
        BlobSource.GroupReceiver receiver = receivers.get(effect.transfer());
        if (receiver != null) {
            receiver.received(effect.firstGroup(), effect.bytes());
        }
    }

    @Override
    public void completed(ExchangeEffect.Completed effect) {
        BlobSource.GroupReceiver receiver = receivers.remove(effect.transfer());
        if (receiver != null) {
            receiver.completed();
        }
    }

    @Override
    public void failed(ExchangeEffect.Failed effect) {
        BlobSource.GroupReceiver receiver = receivers.remove(effect.transfer());
        if (receiver != null) {
            receiver.failed(failure(effect.failure()));
        }
    }

    @Override
    public void treeArrived(ExchangeEffect.TreeArrived effect) {
        CompletableFuture<ByteBuffer> answer = questions.remove(effect.question());
        if (answer != null) {
            answer.complete(effect.bytes());
        }
    }

    @Override
    public void treeFailed(ExchangeEffect.TreeFailed effect) {
        CompletableFuture<ByteBuffer> answer = questions.remove(effect.question());
        if (answer != null) {
            answer.completeExceptionally(failure(effect.failure()));
        }
    }

    private SourceException failure(ExchangeEffect.Failure failure) {
        return failure(failure.reason(), failure.message(), failure.retryAfterMillis());
    }

    @Override
    public void credentialShown(ExchangeEffect.CredentialShown effect) {
        host.credentialShown(this, effect.encoded());
    }

    @Override
    public void misbehaved(ExchangeEffect.Misbehaved effect) {
        host.misbehaved(this, effect.what());
    }

    @Override
    public void closed(ExchangeEffect.Closed effect) {
        reconnect = effect.reconnect();
        finish();
    }
}
