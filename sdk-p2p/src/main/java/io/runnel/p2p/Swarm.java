package io.runnel.p2p;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import io.runnel.keys.KeyException;
import io.runnel.keys.SwarmTicket;
import io.runnel.p2p.exchange.ExchangeMachine;
import io.runnel.p2p.signalling.Moment;
import io.runnel.p2p.signalling.SessionId;
import io.runnel.p2p.signalling.SignallingEffect;
import io.runnel.p2p.signalling.SignallingMachine;
import io.runnel.p2p.signalling.message.ServerMessage;
import io.runnel.p2p.transport.PeerLink;
import io.runnel.p2p.transport.PeerTransport;
import io.runnel.source.GroupSet;
import io.runnel.source.SharedBlob;
import io.runnel.source.SourceInfo;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what the signalling machine wants and keeps the sessions and memberships. Everything runs on the loop,
 * which owns all fields.
 */
final class Swarm
        implements SignallingEffect.Sink, PeerSession.Host, Conversation.Host, Membership.Host, TrackerChannel.Host {
    private static final Logger LOG = LoggerFactory.getLogger(Swarm.class);
    private static final long TICKET_RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final WebRtcSwarm.Settings settings;
    private final OwnerLoop loop;
    private final PeerTransport transport;
    private final SignallingMachine signalling;
    private final List<Membership> memberships = new ArrayList<>();
    private final Map<VerifyingKey, PeerSession> sessions = new HashMap<>();
    private final TrackerChannel tracker;
    private boolean closed;

    Swarm(WebRtcSwarm.Settings settings, OwnerLoop loop, PeerTransport transport, SignallingMachine signalling) {
        this.settings = settings;
        this.loop = loop;
        this.transport = transport;
        this.signalling = signalling;
        this.tracker = new TrackerChannel(settings.tracker(), settings.connector(), loop, this);
        loop.execute(() -> apply(signalling.serve(settings.upload(), now())));
    }

    private Moment now() {
        return new Moment(loop.nanos(), System.currentTimeMillis());
    }

    private void apply(List<SignallingEffect> effects) {
        for (SignallingEffect effect : effects) {
            effect.deliver(this);
        }
    }

    // From the engine.

    void attach(Membership membership) {
        if (closed) {
            membership.close();
            return;
        }
        memberships.add(membership);
        askForTicket(membership);
    }

    private void askForTicket(Membership membership) {
        CompletableFuture<?> unused = settings.admission()
                .ticket(membership.blob.id())
                .whenComplete((ticket, failure) -> loop.execute(() -> {
                    if (closed || membership.closed()) {
                        return;
                    }
                    if (failure == null) {
                        admitted(membership, ticket);
                    } else {
                        refused(membership, failure);
                    }
                }));
    }

    private void admitted(Membership membership, SwarmTicket ticket) {
        boolean first = membership.ticket == null;
        membership.ticket = ticket;
        if (first) {
            membership.watch();
        }
        apply(signalling.enter(ticket, now()));
        if (first) {
            for (Conversation conversation : conversations()) {
                GroupSet groups = conversation.availableIn(ticket.swarm());
                if (groups != null) {
                    membership.available(conversation, groups);
                }
            }
        }
    }

    private void refused(Membership membership, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean worthwhile =
                cause instanceof KeyException refusal && refusal.reason() == KeyException.Reason.UNAVAILABLE;
        LOG.debug(
                "no ticket for the swarm of {}: {}",
                membership.blob.id(),
                cause.getClass().getSimpleName());
        if (membership.ticket != null) {
            apply(signalling.ticketFailed(membership.ticket.swarm(), now()));
        } else if (worthwhile) {
            loop.at(loop.nanos() + TICKET_RETRY_NANOS, () -> {
                if (!closed && !membership.closed()) {
                    askForTicket(membership);
                }
            });
        }
    }

    private List<Conversation> conversations() {
        return sessions.values().stream()
                .map(PeerSession::conversation)
                .filter(Objects::nonNull)
                .toList();
    }

    private @Nullable Conversation conversation(VerifyingKey peer) {
        PeerSession session = sessions.get(peer);
        return session == null ? null : session.conversation();
    }

    void ban(SourceInfo source) {
        for (PeerSession session : List.copyOf(sessions.values())) {
            if (session.info().equals(source)) {
                apply(signalling.ban(session.peer(), now()));
            }
        }
    }

    void close() {
        if (closed) {
            return;
        }
        closed = true;
        List.copyOf(memberships).forEach(Membership::close);
        List.copyOf(sessions.values()).forEach(PeerSession::leave);
        tracker.close();
    }

    // From memberships.

    @Override
    public void heldChanged(Membership membership, GroupSet held) {
        SwarmTicket ticket = membership.ticket;
        if (ticket != null && membership.blob.equals(blob(ticket.swarm()))) {
            conversations().forEach(each -> each.heldChanged(ticket.swarm(), held));
        }
    }

    @Override
    public void detached(Membership membership) {
        memberships.remove(membership);
        SwarmTicket ticket = membership.ticket;
        if (ticket != null && blob(ticket.swarm()) == null) {
            conversations().forEach(each -> each.closeBlob(ticket.swarm()));
            apply(signalling.leave(ticket.swarm(), now()));
        }
    }

    // From sessions.

    @Override
    public @Nullable SharedBlob blob(SwarmId swarm) {
        for (Membership membership : memberships) {
            if (membership.of(swarm) && !membership.closed()) {
                return membership.blob;
            }
        }
        return null;
    }

    @Override
    public void described(PeerSession session, String description) {
        apply(signalling.described(session.peer(), session.id(), description, now()));
    }

    @Override
    public Conversation conversation(PeerSession session, PeerLink link, boolean peerMayServe) {
        return new Conversation(session, link, loop, this, new ExchangeMachine(settings.upload(), peerMayServe));
    }

    @Override
    public void opened(PeerSession session) {
        apply(signalling.linkOpened(session.peer(), session.id(), now()));
    }

    @Override
    public void peerOpened(PeerSession session, SwarmId swarm) {
        apply(signalling.peerOpened(session.peer(), swarm, now()));
    }

    @Override
    public void available(Conversation conversation, SwarmId swarm, GroupSet groups) {
        for (Membership membership : List.copyOf(memberships)) {
            if (membership.of(swarm)) {
                membership.available(conversation, groups);
            }
        }
    }

    @Override
    public void left(PeerSession session, SwarmId swarm) {
        for (Membership membership : List.copyOf(memberships)) {
            if (membership.of(swarm)) {
                membership.left(session.peer());
            }
        }
    }

    @Override
    public void credentialShown(PeerSession session, ByteBuffer encoded) {
        apply(signalling.credentialShown(session.peer(), encoded, now()));
    }

    @Override
    public void misbehaved(PeerSession session, String what) {
        LOG.debug("{} broke the protocol: {}", session.info().id(), what);
        List.copyOf(memberships).forEach(membership -> membership.misbehaved(session.info(), what));
        apply(signalling.ban(session.peer(), now()));
    }

    @Override
    public void ended(PeerSession session, boolean reconnect) {
        sessions.remove(session.peer(), session);
        apply(signalling.linkEnded(session.peer(), session.id(), reconnect, now()));
    }

    // From the signalling machine.

    @Override
    public void connect(SignallingEffect.Connect effect) {
        tracker.connect();
    }

    @Override
    public void say(SignallingEffect.Say effect) {
        tracker.say(effect.message());
    }

    @Override
    public void disconnect(SignallingEffect.Disconnect effect) {
        tracker.disconnect(effect.code(), effect.reason());
    }

    @Override
    public void renew(SignallingEffect.Renew effect) {
        for (Membership membership : memberships) {
            if (membership.of(effect.swarm())) {
                askForTicket(membership);
                return;
            }
        }
    }

    @Override
    public void offer(SignallingEffect.Offer effect) {
        PeerSession session = session(effect.peer(), effect.session());
        session.start(transport.offer(new LinkInbox(loop, session)));
    }

    @Override
    public void answer(SignallingEffect.Answer effect) {
        PeerSession session = session(effect.peer(), effect.session());
        session.admit(effect.mayUpload());
        session.start(transport.answer(effect.sdp(), new LinkInbox(loop, session)));
    }

    private PeerSession session(VerifyingKey peer, SessionId id) {
        PeerSession session = new PeerSession(peer, id, this);
        PeerSession before = sessions.put(peer, session);
        if (before != null) {
            before.leave();
        }
        return session;
    }

    @Override
    public void accept(SignallingEffect.Accept effect) {
        PeerSession session = sessions.get(effect.peer());
        if (session != null && session.id().equals(effect.session())) {
            session.accept(effect.sdp(), effect.mayUpload());
        }
    }

    @Override
    public void drop(SignallingEffect.Drop effect) {
        PeerSession session = sessions.get(effect.peer());
        if (session != null && session.id().equals(effect.session())) {
            session.leave();
        }
    }

    @Override
    public void meet(SignallingEffect.Meet effect) {
        Conversation conversation = conversation(effect.peer());
        SharedBlob blob = blob(effect.swarm());
        if (conversation != null && blob != null) {
            conversation.openBlob(effect.swarm(), blob);
        }
    }

    @Override
    public void seated(SignallingEffect.Seated effect) {
        for (Membership membership : List.copyOf(memberships)) {
            if (membership.of(effect.swarm())) {
                membership.seated(effect.seat());
            }
        }
    }

    @Override
    public void show(SignallingEffect.Show effect) {
        Conversation conversation = conversation(effect.peer());
        if (conversation != null) {
            conversation.show(effect.credential());
        }
    }

    @Override
    public void wakeAt(SignallingEffect.WakeAt effect) {
        loop.at(effect.nanos(), () -> {
            if (!closed) {
                apply(signalling.wake(now()));
            }
        });
    }

    // From the tracker.

    @Override
    public void trackerOpened() {
        apply(signalling.trackerOpened(now()));
    }

    @Override
    public void trackerSaid(ServerMessage message) {
        apply(signalling.heard(message, now()));
    }

    @Override
    public void trackerSaidNonsense() {
        apply(signalling.heardNonsense(now()));
    }

    @Override
    public void trackerClosed() {
        apply(signalling.trackerClosed(now()));
    }
}
