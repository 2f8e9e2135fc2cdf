package io.runnel.p2p;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.SwarmId;
import io.runnel.keys.KeyException;
import io.runnel.keys.SwarmAdmission;
import io.runnel.keys.SwarmTicket;
import io.runnel.sharing.SharingMode;
import io.runnel.source.GroupSet;
import io.runnel.source.Seat;
import io.runnel.source.SharedBlob;
import io.runnel.source.SourceInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blobs the engine has attached: the tickets for their swarms, and what the engine hears of peers. With the mode OFF
 * none has a ticket; only with the mode ON does the engine hear of a source. On the loop.
 */
final class Memberships implements Membership.Host {
    private static final Logger LOG = LoggerFactory.getLogger(Memberships.class);
    private static final int GROUP_BYTES = 1 << 14;
    private static final long TICKET_RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** What the memberships ask of their surroundings; all on the loop. */
    interface Host {
        /** A ticket, the first or a renewed one. */
        void admitted(SwarmTicket ticket);

        /** No ticket could be had to renew the one there is. */
        void notRenewed(SwarmId swarm);

        /** No blob of this swarm is attached any more, or may be. */
        void departed(SwarmId swarm);

        void heldChanged(SwarmId swarm, GroupSet held);

        List<Conversation> conversations();
    }

    private final SwarmAdmission admission;
    private final OwnerLoop loop;
    private final Host host;
    private final SwarmMeter meter;
    private final List<Membership> memberships = new ArrayList<>();
    private SharingMode mode = SharingMode.OFF;
    private long gainedGroups;
    private boolean closed;

    /** Whether the log says that the app's admission breaks its contract, since it last gave a ticket. */
    private boolean complained;

    Memberships(SwarmAdmission admission, OwnerLoop loop, Host host, SwarmMeter meter) {
        this.admission = admission;
        this.loop = loop;
        this.host = host;
        this.meter = meter;
    }

    // From the engine.

    void attach(Membership membership) {
        if (closed) {
            membership.close();
            return;
        }
        memberships.add(membership);
        membership.sourcesMayCome(mode == SharingMode.ON);
        if (mode != SharingMode.OFF) {
            askForTicket(membership);
        }
    }

    @Override
    public void heldChanged(Membership membership, GroupSet held) {
        SwarmTicket ticket = membership.ticket;
        if (ticket == null || !membership.blob.equals(blob(ticket.swarm()))) {
            return;
        }
        if (mode == SharingMode.SHADOW) {
            meter.gained(held.minus(membership.counted), holdings(ticket.swarm()));
        }
        // What is held may be less meanwhile, where it is not shared, and the same again later.
        GroupSet counted = membership.counted.union(held);
        if (mode == SharingMode.ON) {
            gainedGroups += counted.count() - membership.counted.count();
        }
        membership.counted = counted;
        host.heldChanged(ticket.swarm(), held);
    }

    /** What came of blobs while peers were sources, from anyone; the last group of a blob counts as a whole one. */
    long gainedBytes() {
        return gainedGroups * GROUP_BYTES;
    }

    private List<GroupSet> holdings(SwarmId swarm) {
        List<GroupSet> all = new ArrayList<>();
        for (Conversation conversation : host.conversations()) {
            GroupSet held = conversation.heldIn(swarm);
            if (held != null) {
                all.add(held);
            }
        }
        return all;
    }

    @Override
    public void detached(Membership membership) {
        memberships.remove(membership);
        SwarmTicket ticket = membership.ticket;
        if (ticket != null && blob(ticket.swarm()) == null) {
            host.departed(ticket.swarm());
        }
    }

    void close() {
        closed = true;
        List.copyOf(memberships).forEach(Membership::close);
    }

    // Modes.

    void mode(SharingMode next) {
        SharingMode before = mode;
        mode = next;
        memberships.forEach(each -> each.sourcesMayCome(next == SharingMode.ON));
        if (before == SharingMode.ON && next != SharingMode.ON) {
            memberships.forEach(Membership::leaveSources);
        }
        if (next == SharingMode.OFF) {
            depart();
        } else if (before == SharingMode.OFF) {
            List.copyOf(memberships).forEach(this::askForTicket);
        } else if (next == SharingMode.ON) {
            memberships.forEach(this::joinSources);
        }
    }

    private void depart() {
        for (Membership membership : List.copyOf(memberships)) {
            SwarmTicket ticket = membership.ticket;
            membership.ticket = null;
            if (ticket != null && blob(ticket.swarm()) == null) {
                host.departed(ticket.swarm());
            }
        }
    }

    private void joinSources(Membership membership) {
        SwarmTicket ticket = membership.ticket;
        if (mode != SharingMode.ON || ticket == null) {
            return;
        }
        for (Conversation conversation : host.conversations()) {
            GroupSet groups = conversation.availableIn(ticket.swarm());
            if (groups != null) {
                membership.available(conversation, groups);
            }
        }
    }

    // Tickets.

    /** Obtains a fresh ticket for a swarm. */
    void renew(SwarmId swarm) {
        for (Membership membership : memberships) {
            if (membership.of(swarm)) {
                askForTicket(membership);
                return;
            }
        }
    }

    private void askForTicket(Membership membership) {
        CompletableFuture<?> unused = ticket(membership.blob.id())
                .whenComplete((ticket, failure) -> loop.execute(() -> {
                    if (closed || membership.closed() || mode == SharingMode.OFF) {
                        return;
                    }
                    if (failure == null) {
                        admitted(membership, ticket);
                    } else {
                        refused(membership, failure);
                    }
                }));
    }

    /** The ticket of an admission that may be an app's own: what it must not do, throw or give null, is a failure too. */
    private CompletableFuture<SwarmTicket> ticket(BlobId id) {
        try {
            return requireGiven(admission.ticket(id)).thenApply(Memberships::requireGiven);
        } catch (Throwable broken) {
            // Of any kind: Kotlin, for one, does not check exceptions.
            return CompletableFuture.failedFuture(broken);
        }
    }

    private static <T> T requireGiven(@Nullable T answer) {
        return Objects.requireNonNull(answer, "it gave null");
    }

    private void admitted(Membership membership, SwarmTicket ticket) {
        boolean first = membership.ticket == null;
        if (!first && !membership.of(ticket.swarm())) {
            // To follow it would be to leave a swarm, with its sources, that nobody has said is no longer the blob's.
            refused(membership, new OtherSwarmException());
            return;
        }
        complained = false;
        membership.ticket = ticket;
        if (first) {
            membership.counted = membership.blob.held();
            membership.watch();
        }
        host.admitted(ticket);
        if (first) {
            joinSources(membership);
        }
    }

    private void refused(Membership membership, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean worthwhile =
                !(cause instanceof KeyException refusal) || refusal.reason() == KeyException.Reason.UNAVAILABLE;
        report(membership, cause);
        if (membership.ticket != null) {
            host.notRenewed(membership.ticket.swarm());
        } else if (worthwhile) {
            loop.at(loop.nanos() + TICKET_RETRY_NANOS, () -> {
                if (!closed && !membership.closed() && membership.ticket == null && mode != SharingMode.OFF) {
                    askForTicket(membership);
                }
            });
        }
    }

    /** What is no {@link KeyException} is a defect of the app's; its message may quote a token, and is not logged. */
    private void report(Membership membership, Throwable cause) {
        String what = cause.getClass().getName();
        if (cause instanceof KeyException || complained) {
            LOG.debug("no ticket for the swarm of {}: {}", membership.blob.id(), what);
        } else {
            complained = true;
            Throwable bare = new Throwable(what);
            bare.setStackTrace(cause.getStackTrace());
            LOG.warn(
                    "the app's SwarmAdmission threw, gave null, failed with what is no KeyException or renewed a ticket"
                            + " with one for another swarm, and will be asked again for the swarm of {}",
                    membership.blob.id(),
                    bare);
        }
    }

    /** The tracker gave this side a place in a swarm. */
    void seated(SwarmId swarm, Seat seat) {
        for (Membership membership : List.copyOf(memberships)) {
            if (membership.of(swarm)) {
                membership.seated(seat);
            }
        }
    }

    // From conversations.

    /** The blob of a swarm, or null where it is not attached any more. */
    @Nullable SharedBlob blob(SwarmId swarm) {
        for (Membership membership : memberships) {
            if (membership.of(swarm) && !membership.closed()) {
                return membership.blob;
            }
        }
        return null;
    }

    /** A peer serves what it holds of a blob. */
    void available(Conversation conversation, SwarmId swarm, GroupSet groups) {
        if (mode != SharingMode.ON) {
            return;
        }
        for (Membership membership : List.copyOf(memberships)) {
            if (membership.of(swarm)) {
                membership.available(conversation, groups);
            }
        }
    }

    /** A peer serves a blob no longer. */
    void left(PeerSession session, SwarmId swarm) {
        for (Membership membership : List.copyOf(memberships)) {
            if (membership.of(swarm)) {
                membership.left(session.peer());
            }
        }
    }

    /** So much came of a swarm's blob that nobody waits for any more. */
    void late(SwarmId swarm, int bytes) {
        memberships.stream().filter(membership -> membership.of(swarm)).forEach(membership -> membership.late(bytes));
    }

    /** A peer was caught. */
    void misbehaved(SourceInfo source, String what) {
        List.copyOf(memberships).forEach(membership -> membership.misbehaved(source, what));
    }
}
