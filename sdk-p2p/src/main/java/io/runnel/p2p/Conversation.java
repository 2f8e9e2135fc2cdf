package io.runnel.p2p;

import io.runnel.crypto.SwarmId;
import io.runnel.p2p.exchange.ExchangeEffect;
import io.runnel.p2p.exchange.ExchangeMachine;
import io.runnel.p2p.exchange.Stance;
import io.runnel.p2p.signalling.Traffic;
import io.runnel.p2p.transport.PeerLink;
import io.runnel.source.BlobSource;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SharedBlob;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What is said over an open link: carries out what its exchange machine wants, and brings it what the stores say. On the
 * loop, save {@link #execute} and {@link #nextTransfer}.
 */
final class Conversation implements ExchangeEffect.Sink {
    /** What a conversation asks of its surroundings; all on the loop. */
    interface Host {
        void peerOpened(PeerSession session, SwarmId swarm);

        void available(Conversation conversation, SwarmId swarm, GroupSet groups);

        void left(PeerSession session, SwarmId swarm);

        /** So much came that nobody waits for any more. */
        void late(SwarmId swarm, int bytes);

        /** So much could be sent; see {@link ExchangeEffect.Wants}. */
        void wants(Conversation conversation, long bytes);

        /** So much of what was permitted is not sent; see {@link ExchangeEffect.Unused}. */
        void unused(long bytes);

        void credentialShown(PeerSession session, ByteBuffer encoded);

        void misbehaved(PeerSession session, String what);

        /** The blob of a swarm, or null where it is not attached any more. */
        @Nullable SharedBlob blob(SwarmId swarm);
    }

    private final PeerSession session;
    private final PeerLink link;
    private final OwnerLoop loop;
    private final Host host;
    private final ExchangeMachine machine;
    private final Deliveries deliveries;
    private final Alarm alarm;
    private final Map<SwarmId, GroupSet> available = new HashMap<>();
    private final Map<SwarmId, GroupSet> shown = new HashMap<>();
    private final AtomicLong transfers = new AtomicLong();
    private long lastQuestion;
    private long gotBytes;
    private long gaveBytes;

    Conversation(PeerSession session, PeerLink link, OwnerLoop loop, Host host, ExchangeMachine machine) {
        this.session = session;
        this.link = link;
        this.loop = loop;
        this.host = host;
        this.machine = machine;
        this.deliveries = new Deliveries(session.info());
        this.alarm = new Alarm(loop, this::wake);
    }

    PeerSession session() {
        return session;
    }

    /** Runs on the loop; false where the session has ended already. From any thread. */
    boolean execute(Runnable task) {
        if (session.hasEnded()) {
            return false;
        }
        loop.execute(task);
        return true;
    }

    /** A name for a transfer, unlike all before. From any thread. */
    long nextTransfer() {
        return transfers.incrementAndGet();
    }

    private void apply(List<ExchangeEffect> effects) {
        for (ExchangeEffect effect : effects) {
            effect.deliver(this);
        }
    }

    // From the sources and the swarm.

    void openBlob(SwarmId swarm, SharedBlob blob) {
        if (ExchangeMachine.canName(blob.sizeBytes())) {
            apply(machine.openBlob(swarm, blob.sizeBytes(), blob.held(), loop.nanos()));
        }
    }

    void closeBlob(SwarmId swarm) {
        shown.remove(swarm);
        apply(machine.closeBlob(swarm, loop.nanos()));
    }

    void heldChanged(SwarmId swarm, GroupSet held) {
        apply(machine.heldChanged(swarm, held, loop.nanos()));
    }

    /** What has gone over it. */
    Traffic traffic() {
        return new Traffic(gotBytes, gaveBytes);
    }

    /** What the peer serves, or null where it is no source. */
    @Nullable GroupSet availableIn(SwarmId swarm) {
        return available.get(swarm);
    }

    /** What the peer says it holds, whether it serves it or not; null where it says nothing. */
    @Nullable GroupSet heldIn(SwarmId swarm) {
        return available.getOrDefault(swarm, shown.get(swarm));
    }

    void stance(Stance stance) {
        apply(machine.stance(stance, loop.nanos()));
    }

    void permit(long bytes) {
        gaveBytes += bytes;
        apply(machine.permit(bytes, loop.nanos()));
    }

    void decline(long retryAfterMillis) {
        apply(machine.decline(retryAfterMillis, loop.nanos()));
    }

    void fetch(long transfer, Membership membership, GroupRange groups, BlobSource.GroupReceiver receiver) {
        if (membership.ticket == null) {
            receiver.failed(deliveries.left());
            return;
        }
        deliveries.expect(transfer, receiver);
        apply(machine.fetch(transfer, membership.ticket.swarm(), groups, loop.nanos()));
    }

    void cancel(long transfer) {
        if (deliveries.expects(transfer)) {
            apply(machine.cancel(transfer, loop.nanos()));
        }
    }

    void tree(Membership membership, long offset, int length, CompletableFuture<ByteBuffer> answer) {
        if (membership.ticket == null) {
            answer.completeExceptionally(deliveries.left());
            return;
        }
        long question = ++lastQuestion;
        deliveries.expect(question, answer);
        apply(machine.tree(question, membership.ticket.swarm(), offset, length, loop.nanos()));
    }

    void show(ByteBuffer credential) {
        apply(machine.showCredential(credential.duplicate(), loop.nanos()));
    }

    // From the session.

    void begin() {
        apply(machine.opened(loop.nanos()));
    }

    void received(ByteBuffer message) {
        apply(machine.received(message, loop.nanos()));
    }

    void handedOver(long bytes) {
        apply(machine.handedOver(bytes, loop.nanos()));
    }

    void drain() {
        apply(machine.drain(loop.nanos()));
    }

    void leave() {
        apply(machine.leave(loop.nanos()));
    }

    void lost() {
        apply(machine.lost(loop.nanos()));
    }

    private void wake() {
        apply(machine.wake(loop.nanos()));
    }

    // From the machine.

    @Override
    public void send(ExchangeEffect.Send effect) {
        link.send(effect.parts());
    }

    @Override
    public void readGroups(ExchangeEffect.ReadGroups effect) {
        SharedBlob blob = host.blob(effect.swarm());
        answer(effect.read(), blob == null ? nothing() : blob.readGroups(effect.groups()));
    }

    @Override
    public void readTree(ExchangeEffect.ReadTree effect) {
        SharedBlob blob = host.blob(effect.swarm());
        answer(effect.read(), blob == null ? nothing() : blob.readTree(effect.offset(), effect.length()));
    }

    private static CompletableFuture<ByteBuffer> nothing() {
        return CompletableFuture.completedFuture(ByteBuffer.allocate(0));
    }

    private void answer(long read, CompletableFuture<ByteBuffer> bytes) {
        CompletableFuture<?> unused = bytes.whenComplete((got, failed) ->
                loop.execute(() -> apply(machine.read(read, failed == null ? got : null, loop.nanos()))));
    }

    @Override
    public void wakeAt(ExchangeEffect.WakeAt effect) {
        alarm.set(effect.nanos());
    }

    @Override
    public void peerOpened(ExchangeEffect.PeerOpened effect) {
        host.peerOpened(session, effect.swarm());
    }

    @Override
    public void available(ExchangeEffect.Available effect) {
        available.put(effect.swarm(), effect.groups());
        host.available(this, effect.swarm(), effect.groups());
    }

    @Override
    public void left(ExchangeEffect.Left effect) {
        available.remove(effect.swarm());
        shown.remove(effect.swarm());
        host.left(session, effect.swarm());
    }

    @Override
    public void holds(ExchangeEffect.Holds effect) {
        shown.put(effect.swarm(), effect.groups());
    }

    @Override
    public void wants(ExchangeEffect.Wants effect) {
        host.wants(this, effect.bytes());
    }

    @Override
    public void unused(ExchangeEffect.Unused effect) {
        gaveBytes -= effect.bytes();
        host.unused(effect.bytes());
    }

    @Override
    public void delivered(ExchangeEffect.Delivered effect) {
        gotBytes += effect.bytes().remaining();
        deliveries.delivered(effect);
    }

    @Override
    public void late(ExchangeEffect.Late effect) {
        host.late(effect.swarm(), effect.bytes());
    }

    @Override
    public void completed(ExchangeEffect.Completed effect) {
        deliveries.completed(effect);
    }

    @Override
    public void failed(ExchangeEffect.Failed effect) {
        deliveries.failed(effect);
    }

    @Override
    public void treeArrived(ExchangeEffect.TreeArrived effect) {
        gotBytes += effect.bytes().remaining();
        deliveries.treeArrived(effect);
    }

    @Override
    public void treeFailed(ExchangeEffect.TreeFailed effect) {
        deliveries.treeFailed(effect);
    }

    @Override
    public void credentialShown(ExchangeEffect.CredentialShown effect) {
        host.credentialShown(session, effect.encoded());
    }

    @Override
    public void misbehaved(ExchangeEffect.Misbehaved effect) {
        host.misbehaved(session, effect.what());
    }

    @Override
    public void closed(ExchangeEffect.Closed effect) {
        alarm.cancel();
        session.finish(effect.ending());
    }
}
