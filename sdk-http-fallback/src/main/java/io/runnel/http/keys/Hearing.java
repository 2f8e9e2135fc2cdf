package io.runnel.http.keys;

import io.runnel.crypto.keys.EpochKeyring;
import io.runnel.crypto.keys.EpochWindow;
import io.runnel.http.keys.Standing.Phase;
import io.runnel.http.keys.message.KeysCodec;
import io.runnel.http.keys.message.MalformedMessageException;
import io.runnel.http.keys.message.ServerMessage;

/** What the server says: checks that it fits the session and brings it to the part it concerns. */
final class Hearing implements ServerMessage.Receiver {
    /** The parts of the machine that hear something. */
    record Parts(Standing standing, ServerClock clock, EpochKeyring keyring, GrantDesk grants, SwarmDesk swarms) {}

    /** What becomes of the session itself. */
    interface Host {
        /** The server broke the protocol. */
        void violated(long now);

        /** The client is shut out for good. */
        void revoked();
    }

    private final Session session;
    private final Standing standing;
    private final ServerClock clock;
    private final EpochKeyring keyring;
    private final GrantDesk grants;
    private final SwarmDesk swarms;
    private final KeysEffects effects;
    private final Host host;

    /** When what is heard was said. */
    private long now;

    Hearing(Session session, Parts parts, KeysEffects effects, Host host) {
        this.session = session;
        this.standing = parts.standing();
        this.clock = parts.clock();
        this.keyring = parts.keyring();
        this.grants = parts.grants();
        this.swarms = parts.swarms();
        this.effects = effects;
        this.host = host;
    }

    /** A message, whole. */
    void hear(String text, long at) {
        now = at;
        try (ServerMessage message = KeysCodec.decodeServer(text)) {
            message.deliverTo(this);
        } catch (MalformedMessageException e) {
            host.violated(at);
        }
    }

    @Override
    public void welcome(ServerMessage.Welcome message) {
        if (!standing.is(Phase.GREETING)) {
            host.violated(now);
            return;
        }
        standing.opened(now);
        clock.set(message.serverTime(), now);
        keyring.begin(message.serverTime());
        message.epochs().forEach(this::add);
        grants.opened(now);
        swarms.opened(message.swarm(), now);
    }

    @Override
    public void epoch(ServerMessage.Epoch message) {
        if (isOpen()) {
            add(message);
            grants.keysChanged(now);
        }
    }

    private void add(ServerMessage.Epoch epoch) {
        keyring.add(
                new EpochWindow(epoch.id(), epoch.notBefore(), epoch.notAfter(), epoch.graceUntil()),
                epoch.key().copy());
    }

    @Override
    public void envelope(ServerMessage.Envelope message) {
        if (isOpen() && isOfOurs(message.request())) {
            grants.envelope(message.request(), message.envelope(), now);
        }
    }

    @Override
    public void credential(ServerMessage.Credential message) {
        if (isOpen() && isOfOurs(message.request())) {
            swarms.credential(message.request(), message.credential(), message.notAfter(), now);
        }
    }

    @Override
    public void denied(ServerMessage.Denied message) {
        if (isOpen() && isOfOurs(message.request())) {
            grants.denied(message.request(), message.reason() == ServerMessage.Denial.NOT_FOUND);
            swarms.denied(message.request(), now);
        }
    }

    @Override
    public void revoked(ServerMessage.Revoked message) {
        host.revoked();
    }

    @Override
    public void mode(ServerMessage.Mode message) {
        if (isOpen()) {
            effects.mode(message.mode());
        }
    }

    @Override
    public void pong(ServerMessage.Pong message) {
        if (isOpen()) {
            clock.correct(message.serverTime(), now);
        }
    }

    /** Before the welcome nothing but a welcome or a revocation may come. */
    private boolean isOpen() {
        if (!session.isOpen()) {
            host.violated(now);
            return false;
        }
        return true;
    }

    /** An answer may be late, but not to what was never asked. */
    private boolean isOfOurs(long request) {
        if (!session.asked(request)) {
            host.violated(now);
            return false;
        }
        return true;
    }
}
