package io.runnel.p2p;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import io.runnel.keys.SwarmTicket;
import io.runnel.p2p.exchange.ExchangeEffect.Ending;
import io.runnel.p2p.exchange.ExchangeMachine;
import io.runnel.p2p.exchange.Stance;
import io.runnel.p2p.signalling.SessionId;
import io.runnel.p2p.signalling.SignallingEffect;
import io.runnel.p2p.signalling.SignallingMachine;
import io.runnel.p2p.signalling.Traffic;
import io.runnel.p2p.signalling.message.ServerMessage;
import io.runnel.p2p.transport.PeerLink;
import io.runnel.p2p.transport.PeerTransport;
import io.runnel.sharing.SharingMode;
import io.runnel.source.GroupSet;
import io.runnel.source.SharedBlob;
import io.runnel.source.SourceInfo;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what the signalling machine wants and keeps the sessions. Everything runs on the loop, which owns all
 * fields.
 */
final class Swarm
        implements SignallingEffect.Sink,
                PeerSession.Host,
                Conversation.Host,
                Memberships.Host,
                SharingRules.Host,
                TrackerChannel.Host {
    private static final Logger LOG = LoggerFactory.getLogger(Swarm.class);

    private final OwnerLoop loop;
    private final PeerTransport transport;
    private final SignallingMachine signalling;
    private final Memberships memberships;
    private final Map<VerifyingKey, PeerSession> sessions = new HashMap<>();
    private final TrackerChannel tracker;
    private final SharingRules rules;
    private final SwarmMeter meter = new SwarmMeter();
    private final Backlog backlog = new Backlog();
    private final Alarm alarm;
    private boolean closed;

    Swarm(WebRtcSwarm.Settings settings, OwnerLoop loop, PeerTransport transport, SignallingMachine signalling) {
        this.loop = loop;
        this.transport = transport;
        this.signalling = signalling;
        this.tracker = new TrackerChannel(settings.tracker(), settings.connector(), loop, this);
        this.memberships = new Memberships(settings.admission(), loop, this, meter);
        this.rules = new SharingRules(settings.sharing(), loop, this);
        this.alarm = new Alarm(loop, () -> apply(signalling.wake(loop.nanos())));
    }

    /** From any thread. */
    SwarmStatus status() {
        return new SwarmStatus(
                rules.mode(), rules.uploads(), rules.uploadedBytes(), meter.connections(), meter.shadow());
    }

    Memberships memberships() {
        return memberships;
    }

    SharingRules rules() {
        return rules;
    }

    private void apply(List<SignallingEffect> effects) {
        for (SignallingEffect effect : effects) {
            try {
                effect.deliver(this);
            } catch (Throwable e) {
                // The others count all the same: without the one that wakes the machine all would stand still.
                LOG.error(
                        "{} failed: this is a defect of Runnel, or of the app's channel to the tracker",
                        effect.getClass().getSimpleName(),
                        e);
            }
        }
    }

    @Override
    public List<Conversation> conversations() {
        return sessions.values().stream()
                .map(PeerSession::conversation)
                .filter(Objects::nonNull)
                .toList();
    }

    private @Nullable Conversation conversation(VerifyingKey peer) {
        PeerSession session = sessions.get(peer);
        return session == null ? null : session.conversation();
    }

    // From the engine.

    void ban(SourceInfo source) {
        for (PeerSession session : List.copyOf(sessions.values())) {
            if (session.info().equals(source)) {
                apply(signalling.ban(session.peer(), loop.nanos()));
            }
        }
    }

    void close() {
        if (closed) {
            return;
        }
        closed = true;
        alarm.cancel();
        memberships.close();
        leaveAll();
        // Last, for what the conversations did not send goes back to the ledger.
        rules.close();
        tracker.close();
    }

    private void leaveAll() {
        List.copyOf(sessions.values()).forEach(PeerSession::leave);
    }

    // From the rules.

    @Override
    public void modeChanged(SharingMode mode) {
        memberships.mode(mode);
        if (mode == SharingMode.OFF) {
            leaveAll();
            apply(signalling.part(loop.nanos()));
        }
    }

    @Override
    public void stanceChanged(Stance stance) {
        conversations().forEach(each -> each.stance(stance));
        apply(signalling.serve(stance == Stance.SERVE, loop.nanos()));
    }

    // From memberships.

    @Override
    public void admitted(SwarmTicket ticket) {
        apply(signalling.enter(ticket, loop.nanos()));
    }

    @Override
    public void notRenewed(SwarmId swarm) {
        apply(signalling.ticketFailed(swarm, loop.nanos()));
    }

    @Override
    public void departed(SwarmId swarm) {
        conversations().forEach(each -> each.closeBlob(swarm));
        apply(signalling.leave(swarm, loop.nanos()));
    }

    @Override
    public void heldChanged(SwarmId swarm, GroupSet held) {
        conversations().forEach(each -> each.heldChanged(swarm, held));
    }

    // From sessions.

    @Override
    public @Nullable SharedBlob blob(SwarmId swarm) {
        return memberships.blob(swarm);
    }

    @Override
    public void described(PeerSession session, String description) {
        apply(signalling.described(session.peer(), session.id(), description, loop.nanos()));
    }

    @Override
    public Conversation conversation(PeerSession session, PeerLink link, boolean peerMayServe) {
        return new Conversation(session, link, loop, this, ExchangeMachine.governed(rules.stance(), peerMayServe));
    }

    @Override
    public void opened(PeerSession session) {
        meter.made(loop.nanos() - session.startNanos());
        apply(signalling.linkOpened(session.peer(), session.id(), loop.nanos()));
    }

    @Override
    public void peerOpened(PeerSession session, SwarmId swarm) {
        apply(signalling.peerOpened(session.peer(), swarm, loop.nanos()));
    }

    @Override
    public void available(Conversation conversation, SwarmId swarm, GroupSet groups) {
        memberships.available(conversation, swarm, groups);
    }

    @Override
    public void left(PeerSession session, SwarmId swarm) {
        memberships.left(session, swarm);
    }

    @Override
    public void late(SwarmId swarm, int bytes) {
        memberships.late(swarm, bytes);
    }

    @Override
    public void wants(Conversation conversation, long bytes) {
        rules.uploadsDesk().wants(conversation, bytes);
    }

    @Override
    public void unused(long bytes) {
        rules.uploadsDesk().unused(bytes);
    }

    @Override
    public void credentialShown(PeerSession session, ByteBuffer encoded) {
        apply(signalling.credentialShown(session.peer(), encoded, loop.nanos()));
    }

    @Override
    public void misbehaved(PeerSession session, String what) {
        LOG.debug("{} broke the protocol: {}", session.info().id(), what);
        memberships.misbehaved(session.info(), what);
        apply(signalling.ban(session.peer(), loop.nanos()));
    }

    @Override
    public void ended(PeerSession session, Ending ending) {
        sessions.remove(session.peer(), session);
        Conversation conversation = session.conversation();
        if (conversation != null) {
            meter.ended();
            rules.uploadsDesk().left(conversation);
        }
        apply(
                session.lost()
                        ? signalling.linkLost(session.peer(), session.id(), loop.nanos())
                        : signalling.linkEnded(session.peer(), session.id(), ending == Ending.RECONNECT, loop.nanos()));
        if (ending == Ending.OTHER_VERSION) {
            LOG.debug(
                    "{} speaks another version of the protocol and is left alone",
                    session.info().id());
            apply(signalling.ban(session.peer(), loop.nanos()));
        }
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
        memberships.renew(effect.swarm());
    }

    @Override
    public void offer(SignallingEffect.Offer effect) {
        PeerSession session = session(effect.peer(), effect.session());
        session.start(transport.offer(new LinkInbox(loop, session, backlog)));
    }

    @Override
    public void answer(SignallingEffect.Answer effect) {
        PeerSession session = session(effect.peer(), effect.session());
        session.admit(effect.mayUpload());
        session.start(transport.answer(effect.sdp(), new LinkInbox(loop, session, backlog)));
    }

    private PeerSession session(VerifyingKey peer, SessionId id) {
        meter.tried();
        PeerSession session = new PeerSession(peer, id, this, loop.nanos());
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
        memberships.seated(effect.swarm(), effect.seat());
    }

    @Override
    public void show(SignallingEffect.Show effect) {
        Conversation conversation = conversation(effect.peer());
        if (conversation != null) {
            conversation.show(effect.credential());
        }
    }

    @Override
    public void weigh(SignallingEffect.Weigh effect) {
        Map<VerifyingKey, Traffic> traffic = new HashMap<>();
        for (Conversation conversation : conversations()) {
            traffic.put(conversation.session().peer(), conversation.traffic());
        }
        apply(signalling.weighed(memberships.gainedBytes(), traffic, loop.nanos()));
    }

    @Override
    public void misbehaved(SignallingEffect.Misbehaved effect) {
        PeerSession session = sessions.get(effect.peer());
        if (session != null) {
            misbehaved(session, effect.what());
        }
    }

    @Override
    public void wakeAt(SignallingEffect.WakeAt effect) {
        if (!closed) {
            alarm.set(effect.nanos());
        }
    }

    // From the tracker.

    @Override
    public void trackerOpened() {
        apply(signalling.trackerOpened(loop.nanos()));
    }

    @Override
    public void trackerSaid(ServerMessage message) {
        apply(signalling.heard(message, loop.nanos()));
    }

    @Override
    public void trackerSaidNonsense() {
        apply(signalling.heardNonsense(loop.nanos()));
    }

    @Override
    public void trackerFlooded() {
        apply(signalling.heardTooMuch(loop.nanos()));
    }

    @Override
    public void trackerClosed() {
        apply(signalling.trackerClosed(loop.nanos()));
    }
}
