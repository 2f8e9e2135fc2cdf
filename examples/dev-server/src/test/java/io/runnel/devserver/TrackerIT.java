package io.runnel.devserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.CollectionScope;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.SwarmId;
import io.runnel.crypto.identity.CredentialSerial;
import io.runnel.crypto.identity.PeerCredential;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.crypto.identity.SwarmIds;
import io.runnel.http.TlsWebSocketConnector;
import io.runnel.http.keys.message.ServerMessage.SwarmAccess;
import io.runnel.http.keys.message.ServerMessage.Welcome;
import io.runnel.p2p.signalling.message.ClientMessage;
import io.runnel.p2p.signalling.message.ServerMessage;
import io.runnel.p2p.signalling.message.ServerMessage.Denied;
import io.runnel.p2p.signalling.message.SwarmCodec;
import io.runnel.p2p.signalling.message.SwarmProtocol;
import io.runnel.source.Seat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrackerIT {
    private static final BlobId BLOB = BlobId.of(new byte[32]);

    @TempDir
    Path dir;

    private DevServer server;
    private TlsWebSocketConnector connector;

    @BeforeEach
    void start() throws Exception {
        server = DevServer.builder(dir.resolve("state")).build().start();
        connector = ScriptedChannel.connector(server);
    }

    @AfterEach
    void stop() {
        connector.close();
        server.close();
    }

    @Test
    void twoMembers_areIntroduced_andExchangeSignals() throws Exception {
        Peer alice = new Peer("alice");
        Peer bob = new Peer("bob");
        alice.join();
        assertThat(alice.next(ServerMessage.Joined.class).members()).isEqualTo(1);
        assertThat(alice.next(ServerMessage.Peers.class).peers()).isEmpty();
        bob.join();

        assertThat(bob.next(ServerMessage.Joined.class).members()).isEqualTo(2);
        assertThat(bob.next(ServerMessage.Peers.class).peers()).isEqualTo(List.of(alice.key.publicKey()));
        assertThat(alice.next(ServerMessage.Peers.class).peers()).isEqualTo(List.of(bob.key.publicKey()));

        ByteBuffer payload = ByteBuffer.wrap("offer".getBytes(StandardCharsets.UTF_8));
        bob.send(new ClientMessage.Signal(bob.swarm, alice.key.publicKey(), payload));
        assertThat(alice.next(ServerMessage.Signal.class))
                .isEqualTo(new ServerMessage.Signal(alice.swarm, bob.key.publicKey(), payload));

        bob.channel.close();
        assertThat(alice.next(ServerMessage.Gone.class).peer()).isEqualTo(bob.key.publicKey());
    }

    @Test
    void membersWhoServe_haveSeats_andTheLastTakesTheOneLeft() throws Exception {
        Peer alice = new Peer("alice");
        Peer bob = new Peer("bob");
        Peer carol = new Peer("carol");
        alice.serves = true;
        bob.serves = true;
        alice.join();
        alice.awaitSeat(0, 1);
        bob.join();
        bob.awaitSeat(1, 2);
        alice.awaitSeat(0, 2);
        carol.join();
        carol.awaitSeat(-1, 2);

        alice.channel.close();

        bob.awaitSeat(0, 1);
        carol.awaitSeat(-1, 1);
    }

    @Test
    void signal_fromAnOutsider_isDeniedAndReachesNobody() throws Exception {
        Peer alice = new Peer("alice");
        alice.join();
        alice.next(ServerMessage.Joined.class);
        alice.next(ServerMessage.Peers.class);
        Peer outsider = new Peer("outsider");
        ByteBuffer payload = ByteBuffer.wrap(new byte[] {1});
        outsider.send(new ClientMessage.Signal(alice.swarm, alice.key.publicKey(), payload));

        assertThat(outsider.denial()).isEqualTo(Denied.Reason.NOT_MEMBER);
        alice.send(new ClientMessage.Ping());
        alice.next(ServerMessage.Pong.class);
    }

    @Test
    void join_signatureOverAnotherNonce_isRefused() throws Exception {
        Peer alice = new Peer("alice");
        alice.nonce[0] ^= 1;
        alice.join();

        assertThat(alice.denial()).isEqualTo(Denied.Reason.NOT_AUTHENTIC);
    }

    @Test
    void join_signatureByAnotherKey_isRefused() throws Exception {
        Peer alice = new Peer("alice");
        alice.join(alice.credential, SigningIdentity.generate());

        assertThat(alice.denial()).isEqualTo(Denied.Reason.NOT_AUTHENTIC);
    }

    @Test
    void join_credentialOfAnotherIssuer_isRefused() throws Exception {
        Peer alice = new Peer("alice");
        alice.join(issuedBySomeone(alice.key, System.currentTimeMillis()), alice.key);

        assertThat(alice.denial()).isEqualTo(Denied.Reason.NOT_AUTHENTIC);
    }

    @Test
    void join_everyFlippedByteOfTheCredential_isRefused() throws Exception {
        Peer alice = new Peer("alice");
        for (int i = 0; i < alice.credential.length; i++) {
            byte[] damaged = alice.credential.clone();
            damaged[i] ^= 1;
            alice.join(damaged, alice.key);
            assertThat(alice.denial()).as("byte %d", i).isEqualTo(Denied.Reason.NOT_AUTHENTIC);
        }
    }

    @Test
    void revoke_member_isExpelledAtOnceAndNotAdmittedAgain() throws Exception {
        Peer alice = new Peer("alice");
        Peer bob = new Peer("bob");
        alice.join();
        alice.next(ServerMessage.Joined.class);
        alice.next(ServerMessage.Peers.class);
        bob.join();
        bob.next(ServerMessage.Joined.class);
        bob.next(ServerMessage.Peers.class);
        alice.next(ServerMessage.Peers.class);
        AdminClient.revoke(dir.resolve("state"), "alice");

        assertThat(bob.next(ServerMessage.Gone.class).peer()).isEqualTo(alice.key.publicKey());
        assertThat(alice.denial()).isEqualTo(Denied.Reason.EXPIRED);
        alice.join();
        assertThat(alice.denial()).isEqualTo(Denied.Reason.EXPIRED);
    }

    @Test
    void revoke_credentialFromBeforeARestart_isNotAdmitted() throws Exception {
        Peer alice = new Peer("alice");
        Peer bob = new Peer("bob");
        server.close();
        AdminClient.revoke(dir.resolve("state"), "alice");
        server = DevServer.builder(dir.resolve("state"))
                .port(server.port())
                .build()
                .start();
        alice.connect();
        bob.connect();
        alice.join();
        bob.join();

        assertThat(alice.denial()).isEqualTo(Denied.Reason.EXPIRED);
        assertThat(bob.next(ServerMessage.Joined.class).members()).isEqualTo(1);
    }

    @Test
    void malformedMessage_isClosedAsProtocolError() throws Exception {
        Peer alice = new Peer("alice");
        alice.channel.send("{\"type\":\"join\"}");

        assertThat(alice.channel.closeCode()).isEqualTo(SwarmProtocol.CLOSE_PROTOCOL);
    }

    @Test
    void memberThatDoesNotRead_isDroppedBeforeItsMessagesFillTheServer() throws Exception {
        Peer victim = new Peer("victim");
        Peer witness = new Peer("witness");
        try (DeafPeer deaf = joinedByHand(victim)) {
            assertThat(deaf.connected()).isTrue();
            witness.join();
            witness.next(ServerMessage.Joined.class);
            assertThat(witness.next(ServerMessage.Peers.class).peers()).contains(victim.key.publicKey());
            for (int i = 0; i < 8; i++) {
                flood(new Peer("flooder-" + i), victim);
            }

            ServerMessage gone = new ServerMessage.Gone(victim.swarm, victim.key.publicKey());
            ServerMessage heard = SwarmCodec.readServer(witness.channel.next());
            while (!heard.equals(gone)) {
                heard = SwarmCodec.readServer(witness.channel.next());
            }
        }
    }

    private void flood(Peer flooder, Peer victim) throws Exception {
        ByteBuffer payload = ByteBuffer.wrap(new byte[SwarmProtocol.MAX_PAYLOAD_BYTES]);
        String signal = SwarmCodec.write(new ClientMessage.Signal(flooder.swarm, victim.key.publicKey(), payload));
        try (DeafPeer fast = joinedByHand(flooder)) {
            for (int i = 0; i < 190; i++) {
                fast.send(signal);
            }
            fast.send(SwarmCodec.write(new ClientMessage.Leave(flooder.swarm)));
            fast.send(SwarmCodec.write(new ClientMessage.Ping()));
            while (!(SwarmCodec.readServer(fast.read()) instanceof ServerMessage.Pong)) {
                // What comes before the pong is of no interest: it says that all was taken.
            }
        }
    }

    private DeafPeer joinedByHand(Peer peer) throws Exception {
        DeafPeer byHand = new DeafPeer(server, SwarmProtocol.PATH, SwarmProtocol.SUBPROTOCOL);
        byte[] nonce = copy(((ServerMessage.Challenge) SwarmCodec.readServer(byHand.read())).nonce());
        byHand.send(SwarmCodec.write(peer.joinMessage(nonce, peer.credential, peer.key)));
        assertThat(SwarmCodec.readServer(byHand.read())).isInstanceOf(ServerMessage.Joined.class);
        return byHand;
    }

    private static byte[] issuedBySomeone(SigningIdentity peer, long nowMillis) {
        return new PeerCredential(
                        true,
                        CredentialSerial.random(),
                        peer.publicKey(),
                        CollectionScope.of(new byte[32]),
                        nowMillis,
                        nowMillis + 1000)
                .issue(SigningIdentity.generate());
    }

    private static byte[] copy(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return copy;
    }

    /** A peer with a credential from the app server and an open channel to the tracker. */
    private final class Peer {
        final SigningIdentity key = SigningIdentity.generate();
        final byte[] credential;
        final SwarmId swarm;
        boolean serves;
        ScriptedChannel channel;
        byte[] nonce;

        Peer(String name) throws Exception {
            try (KeysClient keys = KeysClient.hello(connector, server, name, key.publicKey());
                    Welcome welcome = keys.next(Welcome.class)) {
                SwarmAccess access = welcome.swarm().orElseThrow();
                SecretBytes secret = access.collectionSecret();
                credential = copy(access.credential());
                swarm = SwarmIds.of(secret, BLOB);
            }
            connect();
        }

        void connect() throws Exception {
            channel = ScriptedChannel.open(connector, server, SwarmProtocol.PATH, SwarmProtocol.SUBPROTOCOL);
            nonce = copy(next(ServerMessage.Challenge.class).nonce());
        }

        void join() {
            join(credential, key);
        }

        void join(byte[] shown, SigningIdentity signer) {
            send(joinMessage(nonce, shown, signer));
        }

        ClientMessage joinMessage(byte[] challenge, byte[] shown, SigningIdentity signer) {
            byte[] signature = signer.sign(SwarmProtocol.JOIN_CONTEXT, challenge, swarm.bytes(), shown);
            return new ClientMessage.Join(swarm, ByteBuffer.wrap(shown), ByteBuffer.wrap(signature), 8, serves);
        }

        void send(ClientMessage message) {
            channel.send(SwarmCodec.write(message));
        }

        Denied.Reason denial() throws Exception {
            return next(ServerMessage.Denied.class).reason();
        }

        /** The next message; seats come unasked and count only where they are waited for. */
        <M extends ServerMessage> M next(Class<M> type) throws Exception {
            ServerMessage message = SwarmCodec.readServer(channel.next());
            while (message instanceof ServerMessage.Seated && type != ServerMessage.Seated.class) {
                message = SwarmCodec.readServer(channel.next());
            }
            return type.cast(message);
        }

        /** Waits to be told of a seat, whatever else comes before. */
        void awaitSeat(int index, int count) throws Exception {
            ServerMessage wanted = new ServerMessage.Seated(swarm, new Seat(index, count));
            while (!SwarmCodec.readServer(channel.next()).equals(wanted)) {
                // Other news, or an older seat.
            }
        }
    }
}
