package io.runnel.devserver.keys;

import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.keys.ClientIds;
import io.runnel.crypto.keys.EnvelopeHeader;
import io.runnel.crypto.keys.Envelopes;
import io.runnel.devserver.web.CloseCodes;
import io.runnel.http.keys.message.ClientMessage;
import io.runnel.http.keys.message.KeysProtocol;
import io.runnel.http.keys.message.ServerMessage;
import io.runnel.http.keys.message.ServerMessage.Denial;
import io.runnel.keys.BlobGrant;
import io.runnel.sharing.SharingMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The app server's end of the keys channels as a state machine: hello, epochs, envelopes, credentials, revocation. It
 * holds no clock, socket or thread; its owner calls it from one thread and carries out what it says to its
 * {@link KeysOutput}.
 */
final class KeysMachine implements AutoCloseable {
    /** How many channels are held. */
    static final int MAX_SESSIONS = 4096;
    /** How many channels one client may hold. */
    static final int MAX_SESSIONS_PER_CLIENT = 16;

    /**
     * What the machine asks of the rest of the server.
     *
     * @param access who may come in
     * @param blobs the keys of the blobs
     * @param credentials admission to swarms
     */
    record Ports(AccessCheck access, BlobKeys blobs, Credentials credentials) {}

    private final EpochSchedule epochs;
    private final Ports ports;
    private final RandomGenerator random;
    private final KeysOutput output;
    private final Sessions sessions = new Sessions();

    /** What clients were told last; null where nothing was. */
    private @Nullable SharingMode mode;

    private boolean closed;

    KeysMachine(EpochSchedule epochs, Ports ports, RandomGenerator random, KeysOutput output) {
        this.epochs = epochs;
        this.ports = ports;
        this.random = random;
        this.output = output;
    }

    /** A channel opened. */
    void opened(long id, long nowMillis) {
        if (closed) {
            output.close(id, CloseCodes.GOING_AWAY, "the server stops");
            return;
        }
        if (sessions.size() >= MAX_SESSIONS) {
            output.close(id, KeysProtocol.CLOSE_TOO_MANY_SESSIONS, "the server is full: try again later");
            return;
        }
        long longest = epochs.longestLeadMillis();
        long lead = longest - random.nextLong(longest / 2 + 1);
        sessions.add(new Session(id, nowMillis + KeysProtocol.HELLO_TIMEOUT.toMillis(), lead));
    }

    /** A message came; it is closed by the caller. */
    void message(long id, ClientMessage message, long nowMillis) {
        Session session = sessions.find(id);
        if (session != null && !closed && advance(nowMillis)) {
            message.deliverTo(new Receiver(session, nowMillis));
        }
    }

    /** A channel ended; unknown ones are ignored. */
    void closed(long id) {
        sessions.remove(id);
    }

    /** A client was revoked: its channels end. */
    void revoke(String client) {
        for (Session session : sessions.all()) {
            if (session.client != null && session.client.name().equals(client)) {
                endRevoked(session);
            }
        }
    }

    /** All clients are to keep to this mode: those who are here, and those who come. */
    void mode(SharingMode wanted) {
        mode = wanted;
        for (Session session : sessions.all()) {
            if (session.client != null) {
                output.send(session.id, new ServerMessage.Mode(wanted));
            }
        }
    }

    /** Time passed: announces epochs, and ends channels that never said hello and those of the revoked. */
    void tick(long nowMillis) {
        if (closed || !advance(nowMillis)) {
            return;
        }
        for (Session session : sessions.all()) {
            if (session.client == null) {
                if (nowMillis >= session.helloByMillis) {
                    end(session, KeysProtocol.CLOSE_HELLO_LATE, "no hello in time");
                }
            } else {
                announce(session, session.client, nowMillis);
            }
        }
    }

    /**
     * Moves the epochs on. Where the clock was set back they began anew: all channels end, so that clients hear in a new
     * session what time it is, and of the epoch that runs now.
     *
     * @return whether the channels that were there still are
     */
    private boolean advance(long nowMillis) {
        if (!epochs.advance(nowMillis)) {
            return true;
        }
        for (Session session : sessions.all()) {
            end(session, CloseCodes.GOING_AWAY, "the server's clock was set back");
        }
        return false;
    }

    /** Wipes the epochs' secrets; what comes later is not answered. */
    @Override
    public void close() {
        closed = true;
        epochs.close();
    }

    int sessions() {
        return sessions.size();
    }

    private void announce(Session session, Session.Client client, long nowMillis) {
        List<Epoch> due = epochs.due(session.lastEpochTold, session.leadMillis, nowMillis);
        if (!due.isEmpty() && ports.access().revoked(client.name())) {
            endRevoked(session);
            return;
        }
        for (Epoch epoch : due) {
            session.lastEpochTold = epoch.id();
            output.send(session.id, epoch.messageFor(client.id()));
        }
    }

    private void endRevoked(Session session) {
        output.send(session.id, new ServerMessage.Revoked(Math.max(0, session.lastEpochTold)));
        end(session, KeysProtocol.CLOSE_REVOKED, "revoked");
    }

    private void end(Session session, int code, String reason) {
        closed(session.id);
        output.close(session.id, code, reason);
    }

    private void hello(Session session, ClientMessage.Hello hello, long nowMillis) throws IOException {
        if (session.client != null) {
            end(session, KeysProtocol.CLOSE_PROTOCOL, "hello came twice");
            return;
        }
        String token = hello.token().read(bytes -> new String(bytes, StandardCharsets.US_ASCII));
        if (!ports.access().accepts(hello.client(), token)) {
            end(session, KeysProtocol.CLOSE_UNAUTHENTICATED, "token not accepted");
        } else if (ports.access().revoked(hello.client())) {
            end(session, KeysProtocol.CLOSE_REVOKED, "revoked");
        } else if (sessions.countOf(hello.client()) >= MAX_SESSIONS_PER_CLIENT) {
            end(session, KeysProtocol.CLOSE_TOO_MANY_SESSIONS, "too many sessions of this client");
        } else {
            welcome(session, hello, nowMillis);
        }
    }

    private void welcome(Session session, ClientMessage.Hello hello, long nowMillis) {
        Session.Client client = new Session.Client(hello.client(), ClientIds.ofName(hello.client()), hello.peerKey());
        sessions.identify(session, client);
        List<ServerMessage.Epoch> told = new ArrayList<>(2);
        for (Epoch epoch : epochs.due(session.lastEpochTold, session.leadMillis, nowMillis)) {
            session.lastEpochTold = epoch.id();
            told.add(epoch.messageFor(client.id()));
        }
        output.send(
                session.id,
                new ServerMessage.Welcome(
                        "s" + session.id,
                        nowMillis,
                        told,
                        client.peerKey().map(peer -> ports.credentials().access(client.name(), peer, nowMillis))));
        if (mode != null) {
            output.send(session.id, new ServerMessage.Mode(mode));
        }
    }

    private void play(Session session, Session.Client client, ClientMessage.Play play) throws IOException {
        Optional<BlobGrant> found = ports.blobs().find(play.blobId());
        if (found.isEmpty()) {
            output.send(session.id, new ServerMessage.Denied(play.request(), Denial.NOT_FOUND));
            return;
        }
        Epoch epoch = epochs.current();
        try (BlobGrant grant = found.get();
                SecretBytes epochKey = epoch.keyFor(client.id())) {
            EnvelopeHeader header =
                    new EnvelopeHeader(epoch.id(), play.blobId(), client.id(), epoch.graceUntil(), grant.sizeBytes());
            byte[] envelope = Envelopes.seal(header, epochKey, grant.key());
            output.send(session.id, new ServerMessage.Envelope(play.request(), ByteBuffer.wrap(envelope)));
        }
    }

    private void credential(Session session, Session.Client client, long request, long nowMillis) {
        if (client.peerKey().isEmpty()) {
            output.send(session.id, new ServerMessage.Denied(request, Denial.DENIED));
            return;
        }
        Credentials.Issued issued =
                ports.credentials().issue(client.name(), client.peerKey().get(), nowMillis);
        output.send(session.id, new ServerMessage.Credential(request, issued.encoded(), issued.notAfterMillis()));
    }

    /** What each message of a session does. */
    private final class Receiver implements ClientMessage.Receiver {
        private final Session session;
        private final long nowMillis;

        Receiver(Session session, long nowMillis) {
            this.session = session;
            this.nowMillis = nowMillis;
        }

        @Override
        public void hello(ClientMessage.Hello message) {
            serve(() -> KeysMachine.this.hello(session, message, nowMillis));
        }

        @Override
        public void play(ClientMessage.Play message) {
            known(client -> KeysMachine.this.play(session, client, message));
        }

        @Override
        public void credential(ClientMessage.RenewCredential message) {
            known(client -> KeysMachine.this.credential(session, client, message.request(), nowMillis));
        }

        @Override
        public void ping() {
            known(client -> output.send(session.id, new ServerMessage.Pong(nowMillis)));
        }

        private void known(Answer answer) {
            Session.Client client = session.client;
            if (client == null) {
                end(session, KeysProtocol.CLOSE_PROTOCOL, "hello must come first");
            } else if (ports.access().revoked(client.name())) {
                endRevoked(session);
            } else {
                serve(() -> answer.to(client));
            }
        }

        /** A server that cannot read its own state says so to the client, which comes back later. */
        private void serve(Step step) {
            try {
                step.run();
            } catch (IOException e) {
                output.failed(e);
                end(session, CloseCodes.SERVER_ERROR, "the server cannot read its state");
            }
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    @FunctionalInterface
    private interface Answer {
        void to(Session.Client client) throws IOException;
    }
}
