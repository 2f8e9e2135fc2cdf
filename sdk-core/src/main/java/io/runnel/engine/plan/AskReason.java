package io.runnel.engine.plan;

import io.runnel.fetch.OriginUse;

/** Why a source was chosen for some groups. */
public enum AskReason {
    /** A peer holds them and delivers in time. */
    PEER(OriginUse.NO_PEER_HOLDS),
    /** Due soon, and nobody else would deliver them in time. */
    URGENT(OriginUse.URGENT),
    /** This member was elected to bring the range into the swarm. */
    ELECTED(OriginUse.ELECTED_SEED),
    /** No peer that is believed holds them, and whoever should have fetched them has not. */
    NO_PEER_HOLDS(OriginUse.NO_PEER_HOLDS),
    /** There are no peers. */
    NO_PEERS(OriginUse.NO_PEERS),
    /** Peers hold them, but deliver far less than the origin could. */
    PEERS_SLOW(OriginUse.PEERS_SLOW),
    /** A second request for what a slow source was asked for. */
    HEDGE(OriginUse.HEDGE);

    private final OriginUse originUse;

    AskReason(OriginUse originUse) {
        this.originUse = originUse;
    }

    /** What statistics call it where the source is the origin. */
    public OriginUse originUse() {
        return originUse;
    }
}
