package io.runnel.p2p.signalling;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.CredentialSerial;
import io.runnel.crypto.identity.PeerCredential;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.crypto.identity.SwarmIds;
import io.runnel.keys.SwarmTicket;
import io.runnel.p2p.signalling.message.ServerMessage;
import io.runnel.source.Seat;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;

/** Signalling machines, a tracker and a transport in virtual time. */
final class Village {
    static final long SECOND = 1_000_000_000L;
    static final String SDP = "v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=fingerprint:sha-256 "
            + "AB:".repeat(31) + "CD\r\n";
    private static final long START_MILLIS = 1_800_000_000_000L;
    private static final int MAX_STEPS = 200_000;

    private record Event(long at, long order, Runnable action) {}

    final Random random;
    final SigningIdentity issuer = SigningIdentity.generate();
    final SecretBytes collection = SecretBytes.random(32);
    final Map<VerifyingKey, Resident> residents = new LinkedHashMap<>();
    final VillageTracker tracker = new VillageTracker(this);
    boolean linksFail;
    long now;
    private long order;
    private final PriorityQueue<Event> events = new PriorityQueue<>(
            (a, b) -> a.at() != b.at() ? Long.compare(a.at(), b.at()) : Long.compare(a.order(), b.order()));

    Village(long seed) {
        random = new Random(seed);
    }

    static BlobId blob(int number) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) number;
        return BlobId.of(bytes);
    }

    /** What time it is. */
    long millis() {
        return START_MILLIS + now / 1_000_000;
    }

    SwarmId swarm(int number) {
        return SwarmIds.of(collection, blob(number));
    }

    void at(long delay, Runnable action) {
        events.add(new Event(now + delay, order++, action));
    }

    void run(long nanos) {
        long until = now + nanos;
        int steps = 0;
        while (!events.isEmpty() && events.peek().at() <= until) {
            assertThat(steps++).as("steps").isLessThan(MAX_STEPS);
            Event event = events.remove();
            now = Math.max(now, event.at());
            event.action().run();
        }
        now = until;
    }

    Resident resident() {
        return resident(12, 0);
    }

    Resident resident(int maxPeers, long serverTimeOffMillis) {
        Resident made = new Resident(maxPeers, serverTimeOffMillis);
        residents.put(made.key, made);
        return made;
    }

    /** One peer with its machine; links are made of nothing, and open when both sides have both descriptions. */
    final class Resident implements SignallingEffect.Sink {
        final SigningIdentity identity = SigningIdentity.generate();
        final VerifyingKey key = identity.publicKey();
        final SignallingMachine machine;
        final Map<VerifyingKey, SessionId> links = new TreeMap<>();
        final Map<VerifyingKey, SessionId> open = new TreeMap<>();
        final List<SwarmId> renewals = new ArrayList<>();
        final List<String> met = new ArrayList<>();
        final List<Seat> seats = new ArrayList<>();
        final List<String> log = new ArrayList<>();
        /** What its connections have carried, as far as that is played. */
        final Map<VerifyingKey, Traffic> traffic = new HashMap<>();
        /** What it got of its blobs from anyone. */
        long gainedBytes;

        int joins;
        /** How far the app server's time in its tickets is from what it is. */
        long serverTimeOffMillis;

        long validMillis = 300_000;
        boolean ticketsEnd;
        /** So many renewals bring the ticket there was, from an app server's client that does not know better yet. */
        int staleTickets;

        private SwarmTicket latest;
        private long sleptNanos;
        boolean connected;
        /** Neither side hears the other on the channel to the tracker, and neither knows. */
        boolean cutOff;
        /** Which channel to the tracker it is; each side hears the other in order. */
        private int channel;

        private long heardAt;
        private long saidAt;
        /** When the tracker got a ping. */
        final List<Long> pings = new ArrayList<>();

        private final VillageTracker.Side atTracker = tracker.side(this);

        Resident(int maxPeers, long serverTimeOffMillis) {
            this.serverTimeOffMillis = serverTimeOffMillis;
            machine = new SignallingMachine(identity, maxPeers, 10 * SECOND, random);
        }

        long nanos() {
            return now - sleptNanos;
        }

        /** As its app server's client was just told it. */
        Instant serverTime() {
            return Instant.ofEpochMilli(millis() + serverTimeOffMillis);
        }

        void enter(int blob) {
            apply(machine.enter(ticket(blob, issuer), nanos()));
        }

        SwarmTicket ticket(int blob, SigningIdentity signer) {
            latest = ticket(collection, blob, signer);
            return latest;
        }

        SwarmTicket ticket(SecretBytes of, int blob, SigningIdentity signer) {
            long millis = millis();
            PeerCredential credential = new PeerCredential(
                    true, CredentialSerial.random(), key, SwarmIds.scope(of), millis - 120_000, millis + validMillis);
            return new SwarmTicket(
                    SwarmIds.of(of, blob(blob)),
                    ByteBuffer.wrap(credential.issue(signer)),
                    signer.publicKey(),
                    serverTime());
        }

        /** Sleeps for so long; its own clock that only goes forward stands still meanwhile, and the tracker expels it. */
        void sleep(int blob, long nanos) {
            now += nanos;
            sleptNanos += nanos;
            atTracker.expel(swarm(blob));
        }

        void apply(List<SignallingEffect> effects) {
            for (SignallingEffect effect : effects) {
                log.add(effect.getClass().getSimpleName());
                effect.deliver(this);
            }
        }

        /** Gets another address: its channel and its links are dead, and of the links both sides know after 8 s. */
        void move() {
            cutOff = true;
            open.keySet()
                    .forEach(peer -> at(8 * SECOND, () -> {
                        lose(peer);
                        residents.get(peer).lose(key);
                    }));
        }

        void hear(ServerMessage message) {
            int through = channel;
            boolean lost = cutOff || tracker.mute;
            heardAt = Math.max(heardAt, now + 1_000_000 + random.nextInt(20_000_000));
            at(heardAt - now, () -> {
                if (connected && !lost && !cutOff && through == channel) {
                    apply(machine.heard(message, nanos()));
                }
            });
        }

        void disconnected() {
            if (connected) {
                connected = false;
                atTracker.closed();
                apply(machine.trackerClosed(nanos()));
            }
        }

        /** The link breaks. */
        void lose(VerifyingKey peer) {
            SessionId session = links.remove(peer);
            open.remove(peer);
            if (session != null) {
                apply(machine.linkLost(peer, session, nanos()));
            }
        }

        /** The peer says farewell. */
        void part(VerifyingKey peer) {
            SessionId session = links.remove(peer);
            open.remove(peer);
            if (session != null) {
                apply(machine.linkEnded(peer, session, false, nanos()));
            }
        }

        @Override
        public void connect(SignallingEffect.Connect effect) {
            at(10_000_000, () -> {
                if (tracker.down) {
                    apply(machine.trackerClosed(nanos()));
                    return;
                }
                connected = true;
                cutOff = false;
                channel++;
                apply(machine.trackerOpened(nanos()));
                atTracker.opened();
            });
        }

        @Override
        public void say(SignallingEffect.Say effect) {
            int through = channel;
            boolean lost = cutOff;
            saidAt = Math.max(saidAt, now + 1_000_000 + random.nextInt(20_000_000));
            at(saidAt - now, () -> {
                if (connected && !lost && !cutOff && through == channel) {
                    effect.message().deliver(atTracker);
                }
            });
        }

        @Override
        public void disconnect(SignallingEffect.Disconnect effect) {
            // After what was said before.
            at(25_000_000, this::disconnected);
        }

        @Override
        public void renew(SignallingEffect.Renew effect) {
            renewals.add(effect.swarm());
            if (staleTickets > 0) {
                staleTickets--;
                SwarmTicket stale = latest;
                at(50_000_000, () -> {
                    // It counted on from what it was told before, while nothing counted in the sleep.
                    Instant believed = serverTime().minusNanos(sleptNanos);
                    SwarmTicket again = new SwarmTicket(stale.swarm(), stale.credential(), stale.issuer(), believed);
                    apply(machine.enter(again, nanos()));
                });
                return;
            }
            for (int blob = 0; blob < 10 && !ticketsEnd; blob++) {
                if (effect.swarm().equals(swarm(blob))) {
                    int number = blob;
                    at(50_000_000, () -> enter(number));
                }
            }
        }

        private void start(VerifyingKey peer, SessionId session) {
            links.put(peer, session);
            at(30_000_000, () -> apply(machine.described(peer, session, SDP, nanos())));
        }

        @Override
        public void offer(SignallingEffect.Offer effect) {
            start(effect.peer(), effect.session());
        }

        @Override
        public void answer(SignallingEffect.Answer effect) {
            start(effect.peer(), effect.session());
        }

        @Override
        public void accept(SignallingEffect.Accept effect) {
            if (linksFail) {
                return;
            }
            at(20_000_000, () -> opened(effect.peer(), effect.session()));
            Resident other = residents.get(effect.peer());
            at(25_000_000, () -> other.opened(key, effect.session()));
        }

        private void opened(VerifyingKey peer, SessionId session) {
            if (session.equals(links.get(peer))) {
                open.put(peer, session);
                apply(machine.linkOpened(peer, session, nanos()));
            }
        }

        @Override
        public void drop(SignallingEffect.Drop effect) {
            if (links.remove(effect.peer(), effect.session())) {
                open.remove(effect.peer(), effect.session());
                Resident other = residents.get(effect.peer());
                at(5_000_000, () -> {
                    if (effect.session().equals(other.links.get(key))) {
                        other.part(key);
                    }
                });
                apply(machine.linkEnded(effect.peer(), effect.session(), false, nanos()));
            }
        }

        @Override
        public void meet(SignallingEffect.Meet effect) {
            met.add(effect.peer() + " " + effect.swarm());
        }

        @Override
        public void seated(SignallingEffect.Seated effect) {
            seats.add(effect.seat());
        }

        @Override
        public void show(SignallingEffect.Show effect) {
            Resident other = residents.get(effect.peer());
            at(10_000_000, () -> other.apply(other.machine.credentialShown(key, effect.credential(), other.nanos())));
        }

        @Override
        public void weigh(SignallingEffect.Weigh effect) {
            apply(machine.weighed(gainedBytes, Map.copyOf(traffic), nanos()));
        }

        @Override
        public void misbehaved(SignallingEffect.Misbehaved effect) {
            apply(machine.ban(effect.peer(), nanos()));
        }

        @Override
        public void wakeAt(SignallingEffect.WakeAt effect) {
            at(Math.max(0, effect.nanos() + sleptNanos - now), () -> apply(machine.wake(nanos())));
        }
    }
}
