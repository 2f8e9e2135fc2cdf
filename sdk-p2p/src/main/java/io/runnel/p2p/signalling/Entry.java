package io.runnel.p2p.signalling;

import io.runnel.crypto.identity.PeerCredential;
import io.runnel.keys.SwarmTicket;

/** A swarm this side has entered, or is entering. */
final class Entry {
    SwarmTicket ticket;

    /** The credential of the ticket, read. */
    PeerCredential own;

    long renewAtNanos;
    long announceAtNanos = Long.MAX_VALUE;

    /** From when on it is joined again at once where the tracker says that this side is no member. */
    long rejoinAtNanos;

    Entry(SwarmTicket ticket, PeerCredential own, long renewAtNanos) {
        this.ticket = ticket;
        this.own = own;
        this.renewAtNanos = renewAtNanos;
    }

    /** Which credentials of peers count in this swarm. */
    Authority authority() {
        return new Authority(ticket.issuer(), own.scope());
    }
}
