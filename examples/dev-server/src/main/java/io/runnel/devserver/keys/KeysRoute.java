package io.runnel.devserver.keys;

import io.runnel.devserver.web.CloseCodes;
import io.runnel.devserver.web.OwnerLoop;
import io.runnel.devserver.web.TextSocket;
import io.runnel.http.keys.message.ClientMessage;
import io.runnel.http.keys.message.KeysCodec;
import io.runnel.http.keys.message.MalformedMessageException;
import io.runnel.http.keys.message.ServerMessage;
import io.runnel.sharing.SharingMode;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries websockets to and from the {@link KeysMachine}, on its owner's thread. */
public final class KeysRoute implements TextSocket.Acceptor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeysRoute.class);
    private static final long LONGEST_TICK_MILLIS = 1_000;

    private final OwnerLoop loop;
    private final Clock clock;
    private final AtomicLong ids = new AtomicLong();
    /** Owned by the loop. */
    private final Map<Long, TextSocket> sockets = new HashMap<>();
    /** Owned by the loop. */
    private final KeysMachine machine;

    /**
     * Starts the first epoch.
     *
     * @param epochLength at least 100 ms
     * @param grace 0 to the epoch's length
     */
    public KeysRoute(AppServer server, Duration epochLength, Duration grace, OwnerLoop loop, Clock clock) {
        this.loop = loop;
        this.clock = clock;
        EpochSchedule epochs = new EpochSchedule(epochLength, grace, clock.millis());
        this.machine = new KeysMachine(epochs, server.ports(), new SecureRandom(), new Sockets());
        long tick = Math.max(
                1, Math.min(LONGEST_TICK_MILLIS, EpochSchedule.longestLeadMillis(epochLength.toMillis()) / 10));
        loop.every(tick, () -> machine.tick(clock.millis()));
    }

    /** Ends the channels of a client that was revoked. */
    public void revoke(String client) {
        loop.execute(() -> machine.revoke(client));
    }

    /** Tells all clients, now and as they come, how far they may go with their peers. */
    public void mode(SharingMode mode) {
        loop.execute(() -> machine.mode(mode));
    }

    /** Ends all channels, to be opened again when the server is back, and wipes the epochs' secrets. */
    @Override
    public void close() {
        loop.await(() -> {
            sockets.values().forEach(socket -> socket.close(CloseCodes.GOING_AWAY, "the server stops"));
            machine.close();
        });
    }

    @Override
    public TextSocket.Listener accept(TextSocket socket) {
        long id = ids.incrementAndGet();
        loop.execute(() -> {
            sockets.put(id, socket);
            machine.opened(id, clock.millis());
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
            ClientMessage message = KeysCodec.decodeClient(text);
            loop.execute(() -> {
                try (message) {
                    machine.message(id, message, clock.millis());
                }
            });
        } catch (MalformedMessageException e) {
            socket.close(CloseCodes.PROTOCOL, "malformed message");
        }
    }

    private final class Sockets implements KeysOutput {
        @Override
        public void send(long session, ServerMessage message) {
            try (message) {
                TextSocket socket = sockets.get(session);
                if (socket != null) {
                    socket.send(KeysCodec.encode(message));
                }
            }
        }

        @Override
        public void close(long session, int code, String reason) {
            TextSocket socket = sockets.remove(session);
            if (socket != null) {
                socket.close(code, reason);
            }
        }

        @Override
        public void failed(IOException failure) {
            LOG.warn("the dev server cannot read its state folder", failure);
        }
    }
}
