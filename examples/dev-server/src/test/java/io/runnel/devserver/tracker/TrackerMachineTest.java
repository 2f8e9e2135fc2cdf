package io.runnel.devserver.tracker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.CollectionScope;
import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.CredentialSerial;
import io.runnel.crypto.identity.PeerCredential;
import io.runnel.devserver.web.CloseCodes;
import io.runnel.p2p.signalling.message.ClientMessage;
import io.runnel.p2p.signalling.message.ServerMessage;
import io.runnel.p2p.signalling.message.ServerMessage.Denied;
import io.runnel.p2p.signalling.message.SwarmProtocol;
import io.runnel.source.Seat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TrackerMachineTest {
    private static final SwarmId SWARM = SwarmId.of(filled(1));
    private static final SwarmId OTHER_SWARM = SwarmId.of(filled(2));

    private final Map<Long, List<ServerMessage>> sent = new HashMap<>();
    private final Map<Long, Integer> closed = new HashMap<>();
    private final TrackerMachine machine =
            new TrackerMachine(TrackerMachineTest::judge, new SplittableRandom(7), new Recorder());

    @Test
    void opened_always_challengesWithTheNonce() {
        byte[] nonce = filled(9);

        machine.opened(1, nonce, 0);

        assertThat(sent(1)).containsExactly(new ServerMessage.Challenge(ByteBuffer.wrap(nonce)));
    }

    @Test
    void join_secondMember_bothAreToldOfEachOther() {
        join(1, SWARM, 8);
        forget();
        join(2, SWARM, 8);

        assertThat(sent(2)).contains(new ServerMessage.Joined(SWARM, 2), peers(SWARM, 1));
        assertThat(sent(1)).containsExactly(peers(SWARM, 2));
    }

    @Test
    void join_wantsNone_isToldOfNobody() {
        join(1, SWARM, 8);
        join(2, SWARM, 0);

        assertThat(sent(2)).noneMatch(message -> message instanceof ServerMessage.Peers);
    }

    @Test
    void join_otherScope_neverMeets() {
        join(1, SWARM, 8);
        forget();
        machine.opened(20, filled(0), 0);
        machine.message(20, joinMessage(20, SWARM, 8, 'b', Long.MAX_VALUE), 0);

        assertThat(sent(20)).contains(new ServerMessage.Joined(SWARM, 1));
        assertThat(sent(1)).isEmpty();
    }

    @Test
    void join_refusedCredential_isDeniedAndNoMember() {
        machine.opened(1, filled(0), 0);
        machine.message(1, joinMessage(1, SWARM, 8, 'x', Long.MAX_VALUE), 0);

        assertThat(sent(1)).contains(new ServerMessage.Denied(SWARM, Denied.Reason.NOT_AUTHENTIC));
        assertThat(machine.swarms()).isZero();
    }

    @Test
    void join_manyMembers_tellsAsManyAsWanted_chosenAtRandom() {
        for (int peer = 1; peer <= 100; peer++) {
            join(peer, SWARM, 0);
        }
        Set<VerifyingKey> seen = new HashSet<>();
        for (int peer = 101; peer <= 130; peer++) {
            join(peer, SWARM, 5);
            List<VerifyingKey> told = toldTo(peer);
            assertThat(told).hasSize(5).doesNotHaveDuplicates().doesNotContain(key(peer));
            seen.addAll(told);
        }
        assertThat(seen).hasSizeGreaterThan(50);
    }

    @Test
    void join_whoServe_haveSeatsWithoutGaps() {
        serve(1);
        join(2, SWARM, 0);
        serve(3);
        serve(4);
        assertThat(seat(1)).isEqualTo(new Seat(0, 1));
        assertThat(seat(2)).isEqualTo(new Seat(-1, 1));
        assertThat(seat(3)).isEqualTo(new Seat(1, 2));
        assertThat(seat(4)).isEqualTo(new Seat(2, 3));

        machine.closed(1);

        assertThat(seat(4)).isEqualTo(new Seat(0, 2));
        assertThat(seat(3)).isEqualTo(new Seat(1, 2));
    }

    @Test
    void join_againWithoutServing_givesTheSeatBack() {
        serve(1);
        serve(2);
        forget();
        machine.message(1, joinMessage(1, SWARM, 0, 'a', Long.MAX_VALUE, false), 0);

        assertThat(seat(1)).isEqualTo(new Seat(-1, 1));
        assertThat(seat(2)).isEqualTo(new Seat(0, 1));
    }

    @Test
    void join_servesButMayNotUpload_hasNoSeat() {
        machine.opened(1, filled(0), 0);
        machine.message(1, joinMessage(1, SWARM, 0, 'd', Long.MAX_VALUE, true), 0);

        assertThat(seat(1)).isEqualTo(new Seat(-1, 0));
    }

    @Test
    void tick_seatsChangedByMoreThanAnEighth_tellsEverybodyOnce() {
        for (int peer = 1; peer <= 16; peer++) {
            serve(peer);
        }
        machine.tick(0);
        forget();
        serve(17);
        serve(18);
        machine.tick(1);
        assertThat(sent(1)).isEmpty();

        serve(19);
        machine.tick(2);
        machine.tick(3);

        assertThat(sent(1)).containsExactly(new ServerMessage.Seated(SWARM, new Seat(0, 19)));
    }

    @Test
    void join_manyMembersAndFewWithASeat_halfOfThoseToldHaveOne() {
        for (int peer = 1; peer <= 200; peer++) {
            join(peer, SWARM, 0);
        }
        for (int peer = 201; peer <= 210; peer++) {
            serve(peer);
        }
        for (int peer = 211; peer <= 230; peer++) {
            join(peer, SWARM, 8);
            List<VerifyingKey> told = toldTo(peer);
            assertThat(told).hasSize(8).doesNotHaveDuplicates();
            long seated = told.stream()
                    .filter(each -> each.compareTo(key(200)) > 0 && each.compareTo(key(211)) < 0)
                    .count();
            assertThat(seated).isGreaterThanOrEqualTo(4);
        }
    }

    private void serve(long peer) {
        machine.opened(peer, filled(0), 0);
        machine.message(peer, joinMessage(peer, SWARM, 0, 'a', Long.MAX_VALUE, true), 0);
    }

    /** What a connection was told of its seat last. */
    private Seat seat(long connection) {
        Seat seat = null;
        for (ServerMessage message : sent(connection)) {
            seat = message instanceof ServerMessage.Seated seated ? seated.seat() : seat;
        }
        return seat;
    }

    @Test
    void join_againWithFreshCredential_renewsWithoutASecondMember() {
        join(1, SWARM, 8);
        machine.message(1, joinMessage(1, SWARM, 0, 'a', 5_000), 0);
        machine.tick(4_999);
        assertThat(machine.swarms()).isOne();

        machine.tick(5_000);

        assertThat(machine.swarms()).isZero();
        assertThat(sent(1)).contains(new ServerMessage.Denied(SWARM, Denied.Reason.EXPIRED));
    }

    @Test
    void join_samePeerOnANewConnection_replacesTheOld() {
        join(1, SWARM, 8);
        machine.opened(50, filled(0), 0);
        machine.message(50, joinMessage(1, SWARM, 8, 'a', Long.MAX_VALUE), 0);
        join(2, SWARM, 8);
        forget();
        machine.message(2, signal(SWARM, 1, "hello"), 0);

        assertThat(sent(50)).hasSize(1);
        assertThat(sent(1)).isEmpty();
    }

    @Test
    void join_moreSwarmsThanAllowed_isDeniedFull() {
        machine.opened(1, filled(0), 0);
        for (int i = 0; i <= TrackerMachine.MAX_SWARMS_PER_CONNECTION; i++) {
            byte[] id = new byte[32];
            ByteBuffer.wrap(id).putInt(i);
            machine.message(1, joinMessage(1, SwarmId.of(id), 0, 'a', Long.MAX_VALUE), 0);
        }

        assertThat(machine.swarms()).isEqualTo(TrackerMachine.MAX_SWARMS_PER_CONNECTION);
        assertThat(sent(1).get(sent(1).size() - 1))
                .isInstanceOfSatisfying(
                        ServerMessage.Denied.class,
                        denied -> assertThat(denied.reason()).isEqualTo(Denied.Reason.FULL));
    }

    @Test
    void revoke_memberOfTwoSwarms_leavesBothAndOthersStay() {
        join(1, SWARM, 8);
        join(2, SWARM, 8);
        machine.message(1, joinMessage(1, OTHER_SWARM, 8, 'a', Long.MAX_VALUE), 0);
        forget();
        machine.revoke(serial(key(1))::equals);

        assertThat(sent(2)).containsExactly(new ServerMessage.Gone(SWARM, key(1)));
        assertThat(sent(1))
                .containsExactlyInAnyOrder(
                        new ServerMessage.Denied(SWARM, Denied.Reason.EXPIRED),
                        new ServerMessage.Denied(OTHER_SWARM, Denied.Reason.EXPIRED));
        machine.message(2, signal(SWARM, 1, "offer"), 0);
        assertThat(sent(2)).contains(notMember(SWARM));
    }

    @Test
    void signal_betweenMembers_isRelayedWithTheSendersKey() {
        join(1, SWARM, 8);
        join(2, SWARM, 8);
        forget();
        machine.message(1, signal(SWARM, 2, "offer"), 0);

        assertThat(sent(2))
                .containsExactly(new ServerMessage.Signal(SWARM, key(1), ByteBuffer.wrap("offer".getBytes(UTF_8))));
    }

    @Test
    void signal_toOrFromAStranger_isDenied() {
        join(1, SWARM, 8);
        join(2, OTHER_SWARM, 8);
        machine.opened(3, filled(0), 0);
        forget();

        machine.message(1, signal(SWARM, 2, "offer"), 0);
        machine.message(1, signal(OTHER_SWARM, 2, "offer"), 0);
        machine.message(1, signal(SWARM, 1, "to myself"), 0);
        machine.message(3, signal(SWARM, 1, "offer"), 0);

        assertThat(sent(2)).isEmpty();
        assertThat(sent(1)).containsExactly(notMember(SWARM), notMember(OTHER_SWARM), notMember(SWARM));
        assertThat(sent(3)).containsExactly(notMember(SWARM));
    }

    @Test
    void leaveAndClosed_tellThoseWhoWereTold() {
        join(1, SWARM, 8);
        join(2, SWARM, 8);
        join(3, SWARM, 8);
        forget();
        machine.message(2, new ClientMessage.Leave(SWARM), 0);
        machine.closed(3);

        assertThat(sent(1))
                .containsExactly(new ServerMessage.Gone(SWARM, key(2)), new ServerMessage.Gone(SWARM, key(3)));
        assertThat(machine.connections()).isEqualTo(2);
    }

    @Test
    void announce_member_isToldAgainOfThoseItKnows() {
        join(1, SWARM, 8);
        join(2, SWARM, 8);
        forget();
        machine.message(2, new ClientMessage.Announce(SWARM, 8), 0);
        machine.message(2, new ClientMessage.Announce(OTHER_SWARM, 8), 0);

        assertThat(sent(2)).containsExactly(peers(SWARM, 1), notMember(OTHER_SWARM));
        assertThat(sent(1)).isEmpty();
    }

    @Test
    void ping_anyTime_isAnswered() {
        machine.opened(1, filled(0), 0);
        machine.message(1, new ClientMessage.Ping(), 0);

        assertThat(sent(1)).contains(new ServerMessage.Pong());
    }

    @Test
    void tick_neverJoined_closesAfterTheTimeout() {
        machine.opened(1, filled(0), 0);
        join(2, SWARM, 0);
        machine.tick(TrackerMachine.JOIN_TIMEOUT_MILLIS - 1);
        assertThat(closed).isEmpty();

        machine.tick(TrackerMachine.JOIN_TIMEOUT_MILLIS);

        assertThat(closed).containsExactly(Map.entry(1L, CloseCodes.HELLO_LATE));
        assertThat(machine.connections()).isOne();
    }

    @Test
    void opened_moreThanTheTrackerHolds_closesTheNewest() {
        for (long id = 0; id <= TrackerMachine.MAX_CONNECTIONS; id++) {
            machine.opened(id, filled(0), 0);
        }

        assertThat(closed)
                .containsExactly(Map.entry((long) TrackerMachine.MAX_CONNECTIONS, CloseCodes.TOO_MANY_SESSIONS));
    }

    @Test
    void anyOrderOfInputs_leavesNothingBehind() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int step = 0; step < 20_000; step++) {
            long id = random.nextInt(12);
            switch (random.nextInt(6)) {
                case 0 -> {
                    machine.closed(id);
                    machine.opened(id, filled(0), 0);
                }
                case 1 -> machine.closed(id);
                case 2 -> machine.message(id, new ClientMessage.Leave(swarm(random)), 0);
                case 3 -> machine.message(id, signal(swarm(random), random.nextInt(12), "x"), 0);
                default ->
                    machine.message(
                            id,
                            joinMessage(
                                    random.nextInt(12),
                                    swarm(random),
                                    random.nextInt(4),
                                    'a',
                                    Long.MAX_VALUE,
                                    random.nextBoolean()),
                            0);
            }
        }
        for (long id = 0; id < 12; id++) {
            machine.closed(id);
        }

        assertThat(machine.swarms()).as("seed %d", seed).isZero();
        assertThat(machine.connections()).as("seed %d", seed).isZero();
    }

    private static SwarmId swarm(SplittableRandom random) {
        return random.nextBoolean() ? SWARM : OTHER_SWARM;
    }

    private void join(long peer, SwarmId swarm, int want) {
        machine.opened(peer, filled(0), 0);
        machine.message(peer, joinMessage(peer, swarm, want, 'a', Long.MAX_VALUE), 0);
    }

    private List<VerifyingKey> toldTo(long connection) {
        List<VerifyingKey> told = new ArrayList<>();
        for (ServerMessage message : sent(connection)) {
            if (message instanceof ServerMessage.Peers peers) {
                told.addAll(peers.peers());
            }
        }
        return told;
    }

    private List<ServerMessage> sent(long connection) {
        return sent.getOrDefault(connection, List.of());
    }

    private void forget() {
        sent.clear();
    }

    /** In these tests a credential is: scope letter, peer number, end of validity; x is refused, d may not upload. */
    private static Verdict judge(ClientMessage.Join join, byte[] nonce, long nowMillis) {
        ByteBuffer credential = join.credential().duplicate();
        char scope = credential.getChar();
        VerifyingKey peer = key(credential.getLong());
        return scope == 'x'
                ? new Verdict.Refused(Denied.Reason.NOT_AUTHENTIC)
                : new Verdict.Admitted(credential(peer, CollectionScope.of(filled(scope)), credential.getLong()));
    }

    private static PeerCredential credential(VerifyingKey peer, CollectionScope scope, long notAfterMillis) {
        long notBeforeMillis = Math.max(0, notAfterMillis - PeerCredential.MAX_VALIDITY_MILLIS);
        boolean mayUpload = !scope.equals(CollectionScope.of(filled('d')));
        return new PeerCredential(mayUpload, serial(peer), peer, scope, notBeforeMillis, notAfterMillis);
    }

    /** In these tests a serial is the beginning of the peer's key. */
    private static CredentialSerial serial(VerifyingKey peer) {
        return CredentialSerial.of(Arrays.copyOf(peer.bytes(), CredentialSerial.BYTES));
    }

    private static ClientMessage joinMessage(long peer, SwarmId swarm, int want, char scope, long notAfterMillis) {
        return joinMessage(peer, swarm, want, scope, notAfterMillis, false);
    }

    private static ClientMessage joinMessage(
            long peer, SwarmId swarm, int want, char scope, long notAfterMillis, boolean serves) {
        ByteBuffer credential = ByteBuffer.allocate(18)
                .putChar(scope)
                .putLong(peer)
                .putLong(notAfterMillis)
                .flip();
        return new ClientMessage.Join(
                swarm, credential, ByteBuffer.allocate(SwarmProtocol.SIGNATURE_BYTES), want, serves);
    }

    private static ClientMessage signal(SwarmId swarm, long to, String text) {
        return new ClientMessage.Signal(swarm, key(to), ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    private static ServerMessage peers(SwarmId swarm, long... peers) {
        return new ServerMessage.Peers(
                swarm, Arrays.stream(peers).mapToObj(TrackerMachineTest::key).toList());
    }

    private static ServerMessage notMember(SwarmId swarm) {
        return new ServerMessage.Denied(swarm, Denied.Reason.NOT_MEMBER);
    }

    private static VerifyingKey key(long number) {
        return VerifyingKey.of(ByteBuffer.allocate(32).putLong(number).array());
    }

    private static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private final class Recorder implements TrackerMachine.Output {
        @Override
        public void send(long connection, ServerMessage message) {
            sent.computeIfAbsent(connection, id -> new ArrayList<>()).add(message);
        }

        @Override
        public void close(long connection, int code, String reason) {
            closed.put(connection, code);
        }
    }
}
