package io.runnel.devserver.tracker;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.CredentialSerial;
import io.runnel.crypto.identity.PeerCredential;
import io.runnel.devserver.web.CloseCodes;
import io.runnel.p2p.signalling.message.ClientMessage;
import io.runnel.p2p.signalling.message.ServerMessage;
import io.runnel.p2p.signalling.message.ServerMessage.Denied;
import io.runnel.p2p.signalling.message.SwarmProtocol;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * The tracker as a state machine: who is in which swarm, who is told of whom, and the relay of signals between members of
 * one swarm. It holds no clock, socket or thread; its owner calls it from one thread and carries out what it says to its
 * {@link Output}.
 */
final class TrackerMachine {
    /** How many connections are held. */
    static final int MAX_CONNECTIONS = 4096;
    /** How many swarms one connection may be in. */
    static final int MAX_SWARMS_PER_CONNECTION = 256;
    /** How many members one swarm may have. */
    static final int MAX_MEMBERS = 4096;
    /** How long a connection may take to join its first swarm, in milliseconds. */
    static final long JOIN_TIMEOUT_MILLIS = 10_000;

    /** Carries out what the machine decides, without calling it back. */
    interface Output {
        void send(long connection, ServerMessage message);

        void close(long connection, int code, String reason);
    }

    private final JoinCheck check;
    private final RandomGenerator random;
    private final Output output;
    private final Map<Long, Connection> connections = new HashMap<>();
    private final Map<Swarm.Key, Swarm> swarms = new HashMap<>();

    TrackerMachine(JoinCheck check, RandomGenerator random, Output output) {
        this.check = check;
        this.random = random;
        this.output = output;
    }

    /** A connection opened. The nonce is random, of {@link SwarmProtocol#NONCE_BYTES}, and the machine's from here on. */
    void opened(long id, byte[] nonce, long nowMillis) {
        if (connections.size() >= MAX_CONNECTIONS) {
            output.close(id, CloseCodes.TOO_MANY_SESSIONS, "the tracker is full: try again later");
            return;
        }
        connections.put(id, new Connection(id, nonce, nowMillis + JOIN_TIMEOUT_MILLIS));
        output.send(id, new ServerMessage.Challenge(ByteBuffer.wrap(nonce)));
    }

    /** A message came. */
    void message(long id, ClientMessage message, long nowMillis) {
        Connection connection = connections.get(id);
        if (connection != null) {
            message.deliver(new Receiver(connection, nowMillis));
        }
    }

    /** A connection ended; unknown ones are ignored. */
    void closed(long id) {
        Connection connection = connections.remove(id);
        if (connection != null) {
            List.copyOf(connection.memberships.values()).forEach(member -> leave(connection, member));
        }
    }

    /** These credentials were revoked: the memberships they admitted to end. */
    void revoke(Predicate<CredentialSerial> revoked) {
        connections.values().forEach(each -> expel(each, member -> revoked.test(member.credential.serial())));
    }

    /** Time passed: ends memberships whose credential did, and connections that never joined. */
    void tick(long nowMillis) {
        for (Connection connection : new ArrayList<>(connections.values())) {
            expel(connection, member -> nowMillis >= member.credential.notAfterMillis());
            if (nowMillis >= connection.joinByMillis) {
                closed(connection.id);
                output.close(connection.id, CloseCodes.HELLO_LATE, "no join in time");
            }
        }
        swarms.values().forEach(swarm -> swarm.missedSeats().forEach(this::tellSeat));
    }

    int connections() {
        return connections.size();
    }

    int swarms() {
        return swarms.size();
    }

    private void expel(Connection connection, Predicate<Member> whom) {
        for (Member member : List.copyOf(connection.memberships.values())) {
            if (whom.test(member)) {
                leave(connection, member);
                deny(connection, member.swarm.key.id(), Denied.Reason.EXPIRED);
            }
        }
    }

    private void join(Connection connection, ClientMessage.Join join, long nowMillis) {
        Verdict verdict = check.judge(join, connection.nonce, nowMillis);
        if (verdict instanceof Verdict.Refused refused) {
            deny(connection, join.swarm(), refused.reason());
        } else if (verdict instanceof Verdict.Admitted admitted) {
            admit(connection, join, admitted.credential());
        }
    }

    private void admit(Connection connection, ClientMessage.Join join, PeerCredential credential) {
        Swarm.Key key = new Swarm.Key(credential.scope(), join.swarm());
        Member member = connection.memberships.get(join.swarm());
        if (member != null && !(member.swarm.key.equals(key) && member.peer.equals(credential.peerKey()))) {
            leave(connection, member);
            member = null;
        }
        if (member == null) {
            Swarm swarm = swarms.getOrDefault(key, new Swarm(key));
            replaceElsewhere(swarm, credential.peerKey());
            if (swarm.size() >= MAX_MEMBERS || connection.memberships.size() >= MAX_SWARMS_PER_CONNECTION) {
                deny(connection, join.swarm(), Denied.Reason.FULL);
                return;
            }
            swarms.put(key, swarm);
            member = new Member(connection.id, credential, swarm);
            swarm.add(member);
            connection.memberships.put(join.swarm(), member);
        }
        member.credential = credential;
        connection.joinByMillis = Long.MAX_VALUE;
        output.send(connection.id, new ServerMessage.Joined(join.swarm(), member.swarm.size()));
        if (join.serves() && credential.mayUpload()) {
            member.swarm.seat(member);
        } else {
            unseat(member);
        }
        tellSeat(member);
        introduce(member, join.want());
    }

    private void unseat(Member member) {
        Member moved = member.swarm.unseat(member);
        if (moved != null) {
            tellSeat(moved);
        }
    }

    private void tellSeat(Member member) {
        output.send(member.connection, new ServerMessage.Seated(member.swarm.key.id(), member.swarm.seatOf(member)));
    }

    /** The newest connection of a peer counts: it signed that connection's nonce. */
    private void replaceElsewhere(Swarm swarm, VerifyingKey peer) {
        Member old = swarm.find(peer);
        if (old != null) {
            Connection owner = connections.get(old.connection);
            if (owner != null) {
                leave(owner, old);
                // An emptied swarm was forgotten; it is put back by the caller.
            }
        }
    }

    /** Tells the member of some others, and them of it. */
    private void introduce(Member newcomer, int want) {
        if (want == 0) {
            return;
        }
        List<VerifyingKey> told = new ArrayList<>();
        for (Member other : newcomer.swarm.sample(newcomer, want, random)) {
            boolean known = newcomer.acquaintances.contains(other);
            if (!known && newcomer.hasRoom() && other.hasRoom()) {
                newcomer.acquaintances.add(other);
                other.acquaintances.add(newcomer);
                output.send(other.connection, new ServerMessage.Peers(newcomer.swarm.key.id(), List.of(newcomer.peer)));
                known = true;
            }
            if (known) {
                told.add(other.peer);
            }
        }
        output.send(newcomer.connection, new ServerMessage.Peers(newcomer.swarm.key.id(), told));
    }

    private void leave(Connection connection, Member member) {
        connection.memberships.remove(member.swarm.key.id(), member);
        member.swarm.remove(member);
        unseat(member);
        if (member.swarm.size() == 0) {
            swarms.remove(member.swarm.key);
        }
        for (Member other : member.acquaintances) {
            other.acquaintances.remove(member);
            output.send(other.connection, new ServerMessage.Gone(member.swarm.key.id(), member.peer));
        }
        member.acquaintances.clear();
    }

    private void relay(Connection connection, ClientMessage.Signal signal) {
        Member sender = connection.memberships.get(signal.swarm());
        Member target = sender == null ? null : sender.swarm.find(signal.to());
        if (sender == null || target == null || target == sender) {
            deny(connection, signal.swarm(), Denied.Reason.NOT_MEMBER);
            return;
        }
        output.send(target.connection, new ServerMessage.Signal(signal.swarm(), sender.peer, signal.payload()));
    }

    private void deny(Connection connection, SwarmId swarm, Denied.Reason reason) {
        output.send(connection.id, new ServerMessage.Denied(swarm, reason));
    }

    /** One channel to a peer. */
    private static final class Connection {
        final long id;
        final byte[] nonce;
        final Map<SwarmId, Member> memberships = new HashMap<>();
        long joinByMillis;

        Connection(long id, byte[] nonce, long joinByMillis) {
            this.id = id;
            this.nonce = nonce;
            this.joinByMillis = joinByMillis;
        }
    }

    /** What each message of a connection does. */
    private final class Receiver implements ClientMessage.Sink {
        private final Connection connection;
        private final long nowMillis;

        Receiver(Connection connection, long nowMillis) {
            this.connection = connection;
            this.nowMillis = nowMillis;
        }

        @Override
        public void join(ClientMessage.Join message) {
            TrackerMachine.this.join(connection, message, nowMillis);
        }

        @Override
        public void announce(ClientMessage.Announce message) {
            Member member = connection.memberships.get(message.swarm());
            if (member == null) {
                deny(connection, message.swarm(), Denied.Reason.NOT_MEMBER);
            } else {
                introduce(member, message.want());
            }
        }

        @Override
        public void signal(ClientMessage.Signal message) {
            relay(connection, message);
        }

        @Override
        public void leave(ClientMessage.Leave message) {
            Member member = connection.memberships.get(message.swarm());
            if (member != null) {
                TrackerMachine.this.leave(connection, member);
            }
        }

        @Override
        public void ping(ClientMessage.Ping message) {
            output.send(connection.id, new ServerMessage.Pong());
        }
    }
}
