package io.runnel.p2p.signalling;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import io.runnel.p2p.signalling.Peer.Phase;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which connection gives way to another where there is no place left: one that was of no use to either side for a while.
 * Else whoever has keys enough takes all places, gives and asks for nothing, and keeps them for good.
 *
 * <p>A connection over which blobs go, either way, never gives way. So that the others are not churned either, few do at
 * a time, and who gave way rests before anyone gives way to it.
 */
final class Places {
    /** How many give way at once, and how long until one more. */
    static final int BURST = 2;

    private static final long EACH_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Five times as long as a place is kept without use. */
    private static final long REST_NANOS = 5 * Worth.USELESS_NANOS;

    private final KnownPeers peers;
    private final List<SignallingEffect> out;
    private final Attempts replacements = new Attempts(BURST, EACH_NANOS);
    private long gainedBytes;
    private boolean starving;

    Places(KnownPeers peers, List<SignallingEffect> out) {
        this.peers = peers;
        this.out = out;
    }

    /**
     * Takes note of what connections have carried.
     *
     * @param gained bytes that this side has got of its blobs, from anyone
     */
    void weigh(long gained, Map<VerifyingKey, Traffic> traffic, long now) {
        long fromPeers = 0;
        for (Peer peer : peers.all()) {
            Traffic carried = traffic.get(peer.key);
            if (carried != null && peer.phase == Phase.CONNECTED) {
                fromPeers += peer.worth.weigh(carried, now);
            }
        }
        long came = gained - gainedBytes;
        gainedBytes = gained;
        starving = fromPeers < came / 2;
    }

    /** Whether peers brought less than half of what came between the last two times. */
    boolean starving() {
        return starving;
    }

    /** Drops a connection in a swarm that gives way to a newcomer; false where none does now. */
    boolean makeRoom(Peer newcomer, SwarmId swarm, long now) {
        boolean may = replacements.may(now) && now >= newcomer.past.restsUntilNanos;
        Peer least = may ? leastUseful(swarm, now) : null;
        if (least == null) {
            return false;
        }
        replacements.begin(now);
        least.drop(out);
        least.retryAtNanos = now + REST_NANOS;
        least.past.restsUntilNanos = now + REST_NANOS;
        return true;
    }

    private @Nullable Peer leastUseful(SwarmId swarm, long now) {
        Peer least = null;
        for (Peer peer : peers.all()) {
            boolean may = peer.phase == Phase.CONNECTED && peer.swarms.contains(swarm) && peer.worth.useless(now);
            if (may && (least == null || peer.worth.usefulNanos() < least.worth.usefulNanos())) {
                least = peer;
            }
        }
        return least;
    }
}
