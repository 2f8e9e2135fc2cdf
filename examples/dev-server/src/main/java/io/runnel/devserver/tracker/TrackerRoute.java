package io.runnel.devserver.tracker;

import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.CredentialSerial;
import io.runnel.devserver.web.CloseCodes;
import io.runnel.devserver.web.OwnerLoop;
import io.runnel.devserver.web.TextSocket;
import io.runnel.p2p.signalling.message.ClientMessage;
import io.runnel.p2p.signalling.message.MalformedMessageException;
import io.runnel.p2p.signalling.message.ServerMessage;
import io.runnel.p2p.signalling.message.SwarmCodec;
import io.runnel.p2p.signalling.message.SwarmProtocol;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** Carries websockets to and from the {@link TrackerMachine}, on its owner's thread. */
public final class TrackerRoute implements TextSocket.Acceptor, AutoCloseable {
    private static final long TICK_MILLIS = 1_000;

    private final OwnerLoop loop;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final AtomicLong ids = new AtomicLong();
    /** Owned by the loop. */
    private final Map<Long, TextSocket> sockets = new HashMap<>();
    /** Owned by the loop. */
    private final TrackerMachine machine;

    /**
     * A tracker without members.
     *
     * @param issuer whose credentials admit
     * @param revoked which of them do not; asked on the loop
     * @param loop owns the tracker's state
     */
    public TrackerRoute(VerifyingKey issuer, Predicate<CredentialSerial> revoked, OwnerLoop loop, Clock clock) {
        this.loop = loop;
        this.clock = clock;
        this.machine = new TrackerMachine(new CredentialCheck(issuer, revoked), random, new Sockets());
        loop.every(TICK_MILLIS, () -> machine.tick(clock.millis()));
    }

    /** Ends the memberships that these credentials admitted to. */
    public void revoke(Predicate<CredentialSerial> revoked) {
        loop.execute(() -> machine.revoke(revoked));
    }

    /** Ends all channels, to be opened again when the server is back. */
    @Override
    public void close() {
        loop.await(() -> sockets.values().forEach(socket -> socket.close(CloseCodes.GOING_AWAY, "the server stops")));
    }

    @Override
    public TextSocket.Listener accept(TextSocket socket) {
        long id = ids.incrementAndGet();
        byte[] nonce = new byte[SwarmProtocol.NONCE_BYTES];
        random.nextBytes(nonce);
        loop.execute(() -> {
            sockets.put(id, socket);
            machine.opened(id, nonce, clock.millis());
        });
        return new TextSocket.Listener() {
            @Override
            public void message(String text) {
                received(id, text, socket);
            }

            @Override
            public void closed() {
                loop.execute(() -> {
                    sockets.remove(id);
                    machine.closed(id);
                });
            }
        };
    }

    private void received(long id, String text, TextSocket socket) {
        try {
            ClientMessage message = SwarmCodec.readClient(text);
            loop.execute(() -> machine.message(id, message, clock.millis()));
        } catch (MalformedMessageException e) {
            socket.close(CloseCodes.PROTOCOL, "malformed message");
        }
    }

    private final class Sockets implements TrackerMachine.Output {
        @Override
        public void send(long connection, ServerMessage message) {
            TextSocket socket = sockets.get(connection);
            if (socket != null) {
                socket.send(SwarmCodec.write(message));
            }
        }

        @Override
        public void close(long connection, int code, String reason) {
            TextSocket socket = sockets.remove(connection);
            if (socket != null) {
                socket.close(code, reason);
            }
        }
    }
}
