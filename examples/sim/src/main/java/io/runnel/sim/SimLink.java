package io.runnel.sim;

import io.runnel.crypto.SwarmId;
import io.runnel.engine.plan.Holder;
import io.runnel.engine.plan.Request;
import io.runnel.p2p.exchange.ExchangeEffect;
import io.runnel.p2p.exchange.ExchangeMachine;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One peer's end of a connection: carries out what its exchange machine wants. */
final class SimLink implements ExchangeEffect.Sink {
    private static final int GROUPS_FRAME = 8;
    private static final int TAKEN_PORTION_BYTES = 1 << 14;

    /** Bytes nobody looks at: what is a lie is marked on the message. */
    private static final ByteBuffer ZEROS = ByteBuffer.allocate(1 << 18).asReadOnlyBuffer();

    private final SimPeer peer;
    private final SimPeer other;
    private final ExchangeMachine machine;
    private final SwarmId swarm;
    private final Map<Long, Request> requests = new HashMap<>();
    private final Map<Request, Long> transfers = new HashMap<>();
    private final ArrayDeque<ExchangeEffect> effects = new ArrayDeque<>();
    private final ArrayDeque<ExchangeEffect.ReadGroups> reads = new ArrayDeque<>();
    private @Nullable Wire out;
    private @Nullable Holder holder;
    private long openedMillis;
    private long lastTransfer;
    private long takenBytes;
    private boolean draining;
    private boolean lieArriving;
    private boolean closed;

    SimLink(SimPeer peer, SimPeer other, SwarmId swarm) {
        this.peer = peer;
        this.other = other;
        this.swarm = swarm;
        this.machine = new ExchangeMachine(peer.serves(), other.serves());
    }

    SimPeer peer() {
        return peer;
    }

    SimPeer other() {
        return other;
    }

    private long now() {
        return peer.events().nowNanos();
    }

    void open(Wire wire) {
        out = wire;
        openedMillis = peer.events().nowMillis();
        apply(machine.opened(now()));
        apply(machine.openBlob(swarm, peer.blobBytes(), peer.claimed(), now()));
        if (peer.manner() == Manner.JUNK) {
            wire.send(new Wire.Message(List.of(ByteBuffer.wrap(new byte[] {99, 1, 2, 3})), 4, false));
        }
    }

    void received(Wire.Message message) {
        if (closed) {
            return;
        }
        lieArriving = message.lie();
        peer.measured().arrived(groupsIn(message));
        apply(machine.received(peer.shard().oneBuffer(message.parts()), now()));
    }

    private static long groupsIn(Wire.Message message) {
        ByteBuffer head = message.parts().get(0);
        return head.get(head.position()) == GROUPS_FRAME ? message.bytes() / Scenario.GROUP_BYTES : 0;
    }

    /** The machine hears of it in portions, as a transport tells of its buffer. */
    void handedOver(int bytes) {
        takenBytes += bytes;
        if (!draining && takenBytes >= TAKEN_PORTION_BYTES) {
            apply(List.of());
        }
    }

    void heldChanged(GroupSet held) {
        apply(machine.heldChanged(swarm, held, now()));
    }

    void ask(Request request) {
        long transfer = ++lastTransfer;
        requests.put(transfer, request);
        transfers.put(request, transfer);
        apply(machine.fetch(transfer, swarm, request.groups(), now()));
    }

    void cancel(Request request) {
        Long transfer = transfers.remove(request);
        if (transfer != null) {
            apply(machine.cancel(transfer, now()));
        }
    }

    void leave() {
        apply(machine.leave(now()));
    }

    void lost() {
        apply(machine.lost(now()));
    }

    /** Effects in order; what they bring about comes after them. */
    private void apply(List<ExchangeEffect> more) {
        effects.addAll(more);
        if (draining) {
            return;
        }
        draining = true;
        while (true) {
            ExchangeEffect effect = effects.poll();
            if (effect != null) {
                effect.deliver(this);
            } else if (!reads.isEmpty()) {
                ExchangeEffect.ReadGroups read = reads.remove();
                effects.addAll(machine.read(read.read(), zeros(peer.bytesOf(read.groups())), now()));
            } else if (takenBytes >= TAKEN_PORTION_BYTES) {
                long bytes = takenBytes;
                takenBytes = 0;
                effects.addAll(machine.handedOver(bytes, now()));
            } else {
                draining = false;
                return;
            }
        }
    }

    private static ByteBuffer zeros(int length) {
        return ZEROS.slice(0, length);
    }

    // From the machine.

    @Override
    public void send(ExchangeEffect.Send effect) {
        int bytes = 0;
        for (ByteBuffer part : effect.parts()) {
            bytes += part.remaining();
        }
        ByteBuffer head = effect.parts().get(0);
        boolean lie = peer.manner() == Manner.LIAR && head.get(head.position()) == GROUPS_FRAME;
        Objects.requireNonNull(out).send(new Wire.Message(effect.parts(), bytes, lie));
    }

    @Override
    public void readGroups(ExchangeEffect.ReadGroups effect) {
        long waitMillis = peer.manner().waitMillis(peer.events().nowMillis() - openedMillis);
        if (peer.manner() == Manner.REFUSES) {
            effects.addAll(machine.read(effect.read(), zeros(0), now()));
        } else if (waitMillis == 0) {
            reads.add(effect);
        } else if (waitMillis < Long.MAX_VALUE) {
            peer.events().after(waitMillis, () -> {
                reads.add(effect);
                apply(List.of());
            });
        }
    }

    @Override
    public void readTree(ExchangeEffect.ReadTree effect) {
        throw new IllegalStateException("trees are not simulated");
    }

    @Override
    public void wakeAt(ExchangeEffect.WakeAt effect) {
        long millis = (effect.nanos() + 999_999) / 1_000_000;
        peer.events().at(millis, () -> {
            if (!closed) {
                apply(machine.wake(now()));
            }
        });
    }

    @Override
    public void peerOpened(ExchangeEffect.PeerOpened effect) {
        // Both open the one blob there is as they connect.
    }

    @Override
    public void available(ExchangeEffect.Available effect) {
        Holder known = holder;
        if (known == null) {
            holder = peer.joined(this, effect.groups());
        } else {
            // A viewer makes a new plan each tick, which is soon enough for this.
            known.available(effect.groups());
        }
    }

    @Override
    public void left(ExchangeEffect.Left effect) {
        if (holder != null) {
            peer.left(holder);
            holder = null;
        }
    }

    @Override
    public void delivered(ExchangeEffect.Delivered effect) {
        Request request = requests.get(effect.transfer());
        if (request != null) {
            peer.delivered(request, effect.firstGroup(), effect.bytes().remaining(), lieArriving);
        }
    }

    @Override
    public void completed(ExchangeEffect.Completed effect) {
        forget(effect.transfer());
    }

    @Override
    public void failed(ExchangeEffect.Failed effect) {
        Request request = forget(effect.transfer());
        if (request != null && !request.over()) {
            peer.failed(request, effect.failure().retryAfterMillis());
        }
    }

    private @Nullable Request forget(long transfer) {
        Request request = requests.remove(transfer);
        if (request != null) {
            transfers.remove(request);
        }
        return request;
    }

    @Override
    public void treeArrived(ExchangeEffect.TreeArrived effect) {
        throw new IllegalStateException("trees are not simulated");
    }

    @Override
    public void treeFailed(ExchangeEffect.TreeFailed effect) {
        throw new IllegalStateException("trees are not simulated");
    }

    @Override
    public void credentialShown(ExchangeEffect.CredentialShown effect) {
        // Credentials do not run out within a simulation.
    }

    @Override
    public void misbehaved(ExchangeEffect.Misbehaved effect) {
        peer.misbehaved(this);
    }

    @Override
    public void closed(ExchangeEffect.Closed effect) {
        if (!closed) {
            closed = true;
            peer.closed(this);
        }
    }

    static GroupRange range(long first, int bytes) {
        return new GroupRange(first, first + (bytes + Scenario.GROUP_BYTES - 1) / Scenario.GROUP_BYTES);
    }
}
