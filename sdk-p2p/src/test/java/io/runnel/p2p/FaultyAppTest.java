package io.runnel.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.channel.ChannelConnector;
import io.runnel.channel.TextChannel;
import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.SwarmId;
import io.runnel.crypto.identity.CredentialSerial;
import io.runnel.crypto.identity.PeerCredential;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.crypto.identity.SwarmIds;
import io.runnel.keys.SwarmAdmission;
import io.runnel.keys.SwarmTicket;
import io.runnel.p2p.signalling.message.ServerMessage;
import io.runnel.p2p.signalling.message.SwarmCodec;
import io.runnel.p2p.transport.PeerLink;
import io.runnel.p2p.transport.PeerTransport;
import io.runnel.sharing.SharingMode;
import io.runnel.source.GroupSet;
import io.runnel.source.TestBlob;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where the app's part of a swarm breaks its contract, that costs nothing beside what it was asked for. */
class FaultyAppTest {
    private static final long VALID_MILLIS = 2_000;

    private final OwnerLoop loop = new OwnerLoop();
    private final TestBlob blob = TestBlob.random(5, 1000);
    private final SigningIdentity self = SigningIdentity.generate();
    private final SigningIdentity issuer = SigningIdentity.generate();
    private final SecretBytes collection = SecretBytes.random(32);
    private final CountDownLatch admitted = new CountDownLatch(1);
    private final CountDownLatch notRenewed = new CountDownLatch(1);
    private final List<SwarmId> departed = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        loop.close();
    }

    private SwarmTicket ticket(BlobId id) {
        return ticket(collection, id);
    }

    private SwarmTicket ticket(SecretBytes of, BlobId id) {
        long now = System.currentTimeMillis();
        PeerCredential credential = new PeerCredential(
                true, CredentialSerial.random(), self.publicKey(), SwarmIds.scope(of), now - 1000, now + VALID_MILLIS);
        return new SwarmTicket(
                SwarmIds.of(of, id),
                ByteBuffer.wrap(credential.issue(issuer)),
                issuer.publicKey(),
                Instant.ofEpochMilli(now));
    }

    private Memberships attached(SwarmAdmission admission) {
        Memberships memberships = new Memberships(admission, loop, new Host(), new SwarmMeter());
        loop.execute(() -> {
            memberships.mode(SharingMode.ON);
            memberships.attach(new Membership(blob.shared(), new Sources(), loop, memberships));
        });
        return memberships;
    }

    @Test
    void ticket_admissionThrowsOrGivesNull_isAskedAgainAndTheLogSaysSoWithoutTheMessage() throws Exception {
        List<SwarmAdmission> faulty = List.of(
                id -> {
                    throw new IllegalStateException("token 1234");
                },
                id -> null,
                id -> CompletableFuture.completedFuture(null),
                id -> CompletableFuture.failedFuture(new IllegalStateException("token 1234")));
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            CountDownLatch asked = new CountDownLatch(2 * faulty.size());
            for (SwarmAdmission each : faulty) {
                Memberships unused = attached(id -> {
                    asked.countDown();
                    return each.ticket(id);
                });
            }
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            System.setErr(before);
        }
        String said = log.toString(StandardCharsets.UTF_8);
        assertThat(said).doesNotContain("token 1234");
        assertThat(said.split("the app's SwarmAdmission", -1)).hasSize(1 + faulty.size());
    }

    @Test
    void renew_admissionThrows_isNoTicket() throws Exception {
        Memberships memberships = attached(id -> {
            if (admitted.getCount() == 0) {
                throw new IllegalStateException("out of order");
            }
            return CompletableFuture.completedFuture(ticket(id));
        });
        assertThat(admitted.await(10, TimeUnit.SECONDS)).isTrue();
        loop.execute(() -> memberships.renew(SwarmIds.of(collection, blob.id())));
        assertThat(notRenewed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void renew_ticketNamesAnotherSwarm_isNoTicketAndTheMembershipGoesOn() throws Exception {
        SecretBytes other = SecretBytes.random(32);
        Memberships memberships = attached(
                id -> CompletableFuture.completedFuture(ticket(admitted.getCount() == 0 ? other : collection, id)));
        assertThat(admitted.await(10, TimeUnit.SECONDS)).isTrue();
        SwarmId swarm = SwarmIds.of(collection, blob.id());
        loop.execute(() -> memberships.renew(swarm));
        assertThat(notRenewed.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Boolean> member = new CompletableFuture<>();
        loop.execute(() -> member.complete(memberships.blob(swarm) != null));
        assertThat(member.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(departed).isEmpty();
    }

    /** What follows the broken effect is the time to come back for the next renewal. */
    @Test
    void effects_oneThrows_othersAreCarriedOut() throws Exception {
        CountDownLatch tickets = new CountDownLatch(4);
        CountDownLatch said = new CountDownLatch(1);
        ChannelConnector connector = (uri, subprotocol, listener) -> {
            String challenge = SwarmCodec.write(new ServerMessage.Challenge(ByteBuffer.allocate(32)));
            loop.execute(() -> listener.message(challenge));
            return CompletableFuture.completedFuture(new Faulty(said));
        };
        try (WebRtcSwarm swarm = WebRtcSwarm.builder()
                .tracker(LocalTracker.ADDRESS)
                .connector(connector)
                .identity(self)
                .admission(id -> {
                    tickets.countDown();
                    return CompletableFuture.completedFuture(ticket(id));
                })
                .build(servers -> new NoTransport())) {
            swarm.attach(blob.shared(), new Sources());
            assertThat(said.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(tickets.await(15, TimeUnit.SECONDS)).isTrue();
        }
    }

    private record Faulty(CountDownLatch said) implements TextChannel {
        @Override
        public void send(String text) {
            said.countDown();
            throw new IllegalStateException("out of order");
        }

        @Override
        public void close(int code, String reason) {}
    }

    private static final class NoTransport implements PeerTransport {
        @Override
        public PeerLink offer(PeerLink.Listener listener) {
            throw new IllegalStateException("no peers here");
        }

        @Override
        public PeerLink answer(String remoteOffer, PeerLink.Listener listener) {
            throw new IllegalStateException("no peers here");
        }

        @Override
        public void close() {}
    }

    private final class Host implements Memberships.Host {
        @Override
        public void admitted(SwarmTicket ticket) {
            admitted.countDown();
        }

        @Override
        public void notRenewed(SwarmId swarm) {
            notRenewed.countDown();
        }

        @Override
        public void departed(SwarmId swarm) {
            departed.add(swarm);
        }

        @Override
        public void heldChanged(SwarmId swarm, GroupSet held) {}

        @Override
        public List<Conversation> conversations() {
            return List.of();
        }
    }
}
