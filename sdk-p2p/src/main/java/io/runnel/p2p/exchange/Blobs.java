package io.runnel.p2p.exchange;

import io.runnel.crypto.SwarmId;
import io.runnel.source.GroupSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The blobs open on this side of a connection, and the names the peer gave to those open on its side. */
final class Blobs {
    private final Outbox out;
    private final Map<SwarmId, Blob> own = new LinkedHashMap<>();
    private final Map<Integer, SwarmId> peerIndexes = new HashMap<>();
    private boolean peerServes;

    Blobs(Outbox out) {
        this.out = out;
    }

    boolean takes(SwarmId swarm) {
        return !own.containsKey(swarm) && own.size() < ExchangeProtocol.MAX_BLOBS;
    }

    /** Under an index of its own; mutual where the peer was first. */
    Blob open(SwarmId swarm, long sizeBytes, GroupSet held) {
        Blob blob = new Blob(swarm, freeIndex(), sizeBytes, held);
        blob.mutual = peerIndexes.containsValue(swarm);
        own.put(swarm, blob);
        return blob;
    }

    private int freeIndex() {
        int index = 0;
        while (holds(index)) {
            index++;
        }
        return index;
    }

    private boolean holds(int index) {
        return own.values().stream().anyMatch(blob -> blob.index == index);
    }

    @Nullable Blob get(SwarmId swarm) {
        return own.get(swarm);
    }

    @Nullable Blob remove(SwarmId swarm) {
        return own.remove(swarm);
    }

    List<Blob> all() {
        return List.copyOf(own.values());
    }

    /** Every blob ends: the peer is no source any more. */
    void end() {
        own.values().forEach(this::part);
        own.clear();
    }

    /**
     * From now on the peer answers requests, or does no more; what was asked of it has ended by then.
     *
     * @return how many blobs that is news for
     */
    int peerServes(boolean serves) {
        if (serves == peerServes) {
            return 0;
        }
        peerServes = serves;
        int concerned = 0;
        for (Blob blob : own.values()) {
            if (!serves) {
                leave(blob);
            }
            tellOf(blob);
            concerned += blob.theirs == null ? 0 : 1;
        }
        return concerned;
    }

    /** The peer said what it holds. */
    void heard(Blob blob, Frame.Have frame) throws MalformedFrameException {
        if (blob.hear(frame)) {
            tellOf(blob);
        }
    }

    private void tellOf(Blob blob) {
        GroupSet theirs = blob.theirs;
        if (theirs != null) {
            blob.source = peerServes;
            out.add(
                    peerServes
                            ? new ExchangeEffect.Available(blob.swarm, theirs)
                            : new ExchangeEffect.Holds(blob.swarm, theirs));
        }
    }

    private void leave(Blob blob) {
        if (blob.source) {
            blob.source = false;
            out.add(new ExchangeEffect.Left(blob.swarm));
        }
    }

    /** The blob is not open on both sides any more. */
    void part(Blob blob) {
        if (!blob.source && blob.theirs != null) {
            out.add(new ExchangeEffect.Holds(blob.swarm, GroupSet.empty()));
        }
        leave(blob);
        blob.part();
    }

    /** The peer gives a swarm's blob a name; null where it is not open here. */
    @Nullable Blob peerOpened(Frame.Open frame) throws MalformedFrameException {
        if (peerIndexes.containsKey(frame.index()) || peerIndexes.containsValue(frame.swarm())) {
            throw new MalformedFrameException("a blob opened twice");
        }
        Blob blob = own.get(frame.swarm());
        peerIndexes.put(frame.index(), blob == null ? frame.swarm() : blob.swarm);
        if (blob != null) {
            blob.mutual = true;
        }
        return blob;
    }

    /** The name means nothing any more; what it meant, or null where that is not open here. */
    @Nullable Blob peerClosed(int index) throws MalformedFrameException {
        Blob blob = named(index);
        peerIndexes.remove(index);
        return blob;
    }

    /** This side's end of the blob the peer means, or null where it is not open here any more. */
    @Nullable Blob named(int index) throws MalformedFrameException {
        SwarmId swarm = peerIndexes.get(index);
        if (swarm == null) {
            throw new MalformedFrameException("a blob that was not opened");
        }
        return own.get(swarm);
    }

    /** Tells the peer what is held, where it is time to; returns when it is time again, if ever. */
    long tell(long now) {
        long next = Long.MAX_VALUE;
        for (Blob blob : own.values()) {
            long at = blob.tellAt(now);
            if (at <= now) {
                blob.tell(now, out);
            } else {
                next = Math.min(next, at);
            }
        }
        return next;
    }
}
