package io.runnel.devserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.ClientId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.identity.PeerCredential;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.crypto.keys.ClientIds;
import io.runnel.crypto.keys.Envelopes;
import io.runnel.crypto.keys.EpochKeyring;
import io.runnel.crypto.keys.EpochWindow;
import io.runnel.crypto.keys.OpenedEnvelope;
import io.runnel.devserver.state.ClientRegistry;
import io.runnel.devserver.state.StateFolder;
import io.runnel.http.TlsWebSocketConnector;
import io.runnel.http.keys.message.ClientMessage;
import io.runnel.http.keys.message.KeysProtocol;
import io.runnel.http.keys.message.ServerMessage;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysIT {
    private static final ClientId ALICE = ClientIds.ofName("alice");

    @TempDir
    Path dir;

    private Path state;
    private DevServer server;
    private TlsWebSocketConnector connector;

    @BeforeEach
    void start() throws Exception {
        state = dir.resolve("state");
        server = DevServer.builder(state).build().start();
        connector = ScriptedChannel.connector(server);
    }

    @AfterEach
    void stop() {
        connector.close();
        server.close();
    }

    @Test
    void play_knownBlob_givesAnEnvelopeThatOpensToItsKeyAndSize() throws Exception {
        CatalogRecord record = TestFolders.ingest(state, TestFolders.file(dir, 5000));
        try (KeysClient alice = KeysClient.hello(connector, server, "alice", null);
                EpochKeyring keyring = new EpochKeyring()) {
            add(keyring, alice.next(ServerMessage.Welcome.class).epochs().get(0));
            alice.play(7, record.blobId());
            ServerMessage.Envelope answer = alice.next(ServerMessage.Envelope.class);

            OpenedEnvelope opened = open(answer, ALICE, record.blobId(), keyring);
            assertThat(answer.request()).isEqualTo(7);
            assertThat(opened.blobSizeBytes()).isEqualTo(5040);
            assertThat(opened.blobKey()).isEqualTo(SecretBytes.adopt(storedKey(record.blobId())));
        }
    }

    @Test
    void play_unknownBlob_isDenied() throws Exception {
        try (KeysClient alice = KeysClient.hello(connector, server, "alice", null)) {
            alice.next(ServerMessage.Welcome.class);
            alice.play(3, BlobId.of(new byte[32]));

            assertThat(alice.next(ServerMessage.Denied.class))
                    .isEqualTo(new ServerMessage.Denied(3, ServerMessage.Denial.NOT_FOUND));
        }
    }

    @Test
    void hello_withPeerKey_givesACredentialThatVerifies_andRenewals() throws Exception {
        try (SigningIdentity peer = SigningIdentity.generate();
                KeysClient alice = KeysClient.hello(connector, server, "alice", peer.publicKey())) {
            ServerMessage.SwarmAccess access =
                    alice.next(ServerMessage.Welcome.class).swarm().orElseThrow();
            alice.send(new ClientMessage.RenewCredential(5));
            ServerMessage.Credential renewed = alice.next(ServerMessage.Credential.class);

            for (ByteBuffer encoded : new ByteBuffer[] {access.credential(), renewed.credential()}) {
                PeerCredential credential =
                        PeerCredential.verify(copy(encoded), access.issuerKey(), System.currentTimeMillis());
                assertThat(credential.peerKey()).isEqualTo(peer.publicKey());
                assertThat(credential.mayUpload()).isTrue();
            }
            assertThat(renewed.request()).isEqualTo(5);
        }
    }

    @Test
    void hello_withoutPeerKey_givesNoSwarmAccess() throws Exception {
        try (KeysClient alice = KeysClient.hello(connector, server, "alice", null)) {
            assertThat(alice.next(ServerMessage.Welcome.class).swarm()).isEmpty();
            alice.send(new ClientMessage.RenewCredential(5));

            assertThat(alice.next(ServerMessage.Denied.class).reason()).isEqualTo(ServerMessage.Denial.DENIED);
        }
    }

    @Test
    void hello_wrongToken_isClosedAsUnauthenticated() throws Exception {
        try (KeysClient mallory = KeysClient.open(connector, server)) {
            mallory.sendHello("alice", "guess", null);

            assertThat(mallory.closeCode()).isEqualTo(KeysProtocol.CLOSE_UNAUTHENTICATED);
        }
    }

    @Test
    void hello_listedClient_needsItsOwnToken() throws Exception {
        String token = ClientRegistry.open(StateFolder.open(state)).register("bob");
        try (KeysClient mallory = KeysClient.hello(connector, server, "bob", null);
                KeysClient bob = KeysClient.open(connector, server)) {
            bob.sendHello("bob", token, null);

            assertThat(bob.next(ServerMessage.Welcome.class).epochs()).isNotEmpty();
            assertThat(mallory.closeCode()).isEqualTo(KeysProtocol.CLOSE_UNAUTHENTICATED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"type\":\"ping\"}", "{\"type\":\"play\",\"request\":1}", "{\"type\":\"x\"}"})
    void anythingButHelloFirst_isClosedAsProtocolError(String text) throws Exception {
        try (KeysClient mallory = KeysClient.open(connector, server)) {
            mallory.sendText(text);

            assertThat(mallory.closeCode()).isEqualTo(KeysProtocol.CLOSE_PROTOCOL);
        }
    }

    @Test
    void messages_tooFast_areClosedAsRate() throws Exception {
        try (KeysClient mallory = KeysClient.hello(connector, server, "mallory", null)) {
            for (int i = 0; i < 1000; i++) {
                mallory.send(new ClientMessage.Ping());
            }

            assertThat(mallory.closeCode()).isEqualTo(KeysProtocol.CLOSE_RATE);
        }
    }

    @Test
    void sessions_tooManyOfOneClient_areRefused() throws Exception {
        for (int i = 0; i < 16; i++) {
            KeysClient.hello(connector, server, "alice", null).next(ServerMessage.Welcome.class);
        }
        try (KeysClient oneMore = KeysClient.hello(connector, server, "alice", null);
                KeysClient bob = KeysClient.hello(connector, server, "bob", null)) {
            assertThat(oneMore.closeCode()).isEqualTo(KeysProtocol.CLOSE_TOO_MANY_SESSIONS);
            assertThat(bob.next(ServerMessage.Welcome.class).session()).isNotEmpty();
        }
    }

    @Test
    void epochs_rotate_andTheNextIsToldBeforeItStarts() throws Exception {
        server.close();
        server = DevServer.builder(state)
                .epochLength(Duration.ofMillis(600))
                .build()
                .start();
        CatalogRecord record = TestFolders.ingest(state, TestFolders.file(dir, 10));
        try (KeysClient alice = KeysClient.hello(connector, server, "alice", null);
                EpochKeyring keyring = new EpochKeyring()) {
            ServerMessage.Epoch last =
                    alice.next(ServerMessage.Welcome.class).epochs().get(0);
            add(keyring, last);
            for (int i = 0; i < 4; i++) {
                ServerMessage.Epoch next = alice.next(ServerMessage.Epoch.class);
                assertThat(System.currentTimeMillis()).isLessThan(next.notBefore() + 100);
                assertThat(next.notBefore()).isGreaterThanOrEqualTo(last.notAfter());
                assertThat(next.id()).isGreaterThan(last.id());
                assertThat(next.key()).isNotEqualTo(last.key());
                add(keyring, next);
                last = next;
                alice.play(i, record.blobId());
                ServerMessage.Envelope envelope = alice.nextBesidesEpochs(ServerMessage.Envelope.class);
                open(envelope, ALICE, record.blobId(), keyring).blobKey().close();
            }
        }
    }

    @Test
    void revoke_activeClient_isToldAndClosed_andRefusedAlsoAfterARestart() throws Exception {
        try (KeysClient alice = KeysClient.hello(connector, server, "alice", null);
                KeysClient bob = KeysClient.hello(connector, server, "bob", null)) {
            long epoch = alice.next(ServerMessage.Welcome.class).epochs().get(0).id();
            bob.next(ServerMessage.Welcome.class);

            AdminClient.revoke(state, "alice");

            assertThat(alice.next(ServerMessage.Revoked.class).lastEpoch()).isEqualTo(epoch);
            assertThat(alice.closeCode()).isEqualTo(KeysProtocol.CLOSE_REVOKED);
            bob.send(new ClientMessage.Ping());
            assertThat(bob.next(ServerMessage.Pong.class).serverTime()).isPositive();
        }
        assertRefusedAsRevoked("alice");
        server.close();
        server = DevServer.builder(state).build().start();
        assertRefusedAsRevoked("alice");
    }

    @Test
    void revoke_whileNoServerRuns_holdsAtTheNextStart() throws Exception {
        server.close();
        AdminClient.revoke(state, "alice");
        server = DevServer.builder(state).build().start();

        assertRefusedAsRevoked("alice");
    }

    @Test
    void revoke_onDiskOnly_holdsAtTheNextRequest() throws Exception {
        try (KeysClient alice = KeysClient.hello(connector, server, "alice", null)) {
            alice.next(ServerMessage.Welcome.class);
            Files.writeString(state.resolve("revoked/alice.json"), "{}");
            alice.play(1, BlobId.of(new byte[32]));

            alice.next(ServerMessage.Revoked.class);
            assertThat(alice.closeCode()).isEqualTo(KeysProtocol.CLOSE_REVOKED);
        }
    }

    @Test
    void close_server_endsChannelsAsGoingAway() throws Exception {
        try (KeysClient alice = KeysClient.hello(connector, server, "alice", null)) {
            alice.next(ServerMessage.Welcome.class);
            long start = System.nanoTime();
            server.close();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
            assertThat(alice.closeCode()).isEqualTo(1001);
        }
    }

    private void assertRefusedAsRevoked(String client) throws Exception {
        try (KeysClient again = KeysClient.hello(connector, server, client, null)) {
            assertThat(again.closeCode()).isEqualTo(KeysProtocol.CLOSE_REVOKED);
        }
    }

    private byte[] storedKey(BlobId id) throws Exception {
        return Files.readAllBytes(state.resolve("keys").resolve(id.toString()));
    }

    private static OpenedEnvelope open(
            ServerMessage.Envelope message, ClientId client, BlobId blob, EpochKeyring keyring) throws Exception {
        return Envelopes.open(copy(message.envelope()), client, blob, keyring, System.currentTimeMillis());
    }

    private static void add(EpochKeyring keyring, ServerMessage.Epoch epoch) {
        keyring.add(new EpochWindow(epoch.id(), epoch.notBefore(), epoch.notAfter(), epoch.graceUntil()), epoch.key());
    }

    private static byte[] copy(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return copy;
    }
}
