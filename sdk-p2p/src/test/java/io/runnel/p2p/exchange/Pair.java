package io.runnel.p2p.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.SwarmId;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Two machines joined by a simulated channel: ordered, with seeded delays, stores that answer late, and a transport that
 * takes what is sent bit by bit. Virtual time; a bound on steps catches livelock.
 */
final class Pair {
    private static final int MAX_STEPS = 200_000;

    private record Event(long at, long order, Runnable action) {}

    final long seed;
    final Random random;
    final End left;
    final End right;
    private final PriorityQueue<Event> events = new PriorityQueue<>(
            (a, b) -> a.at() != b.at() ? Long.compare(a.at(), b.at()) : Long.compare(a.order(), b.order()));
    private long order;
    long now;

    Pair(long seed) {
        this(seed, true, true);
    }

    Pair(long seed, boolean leftServes, boolean rightServes) {
        this(seed, new ExchangeMachine(leftServes, rightServes), new ExchangeMachine(rightServes, leftServes));
    }

    Pair(long seed, ExchangeMachine leftMachine, ExchangeMachine rightMachine) {
        this.seed = seed;
        this.random = new Random(seed);
        System.out.println("pair of exchange machines, seed " + seed);
        left = new End("left", leftMachine);
        right = new End("right", rightMachine);
        left.other = right;
        right.other = left;
    }

    void open() {
        left.apply(left.machine.opened(now));
        right.apply(right.machine.opened(now));
    }

    void at(long delay, Runnable action) {
        events.add(new Event(now + delay, order++, action));
    }

    /** Runs until nothing is left to happen but timers beyond {@code until}. */
    void run(long until) {
        int steps = 0;
        while (!events.isEmpty() && events.peek().at() <= until) {
            assertThat(steps++).as("steps, seed %d", seed).isLessThan(MAX_STEPS);
            Event event = events.remove();
            now = Math.max(now, event.at());
            event.action().run();
        }
        now = Math.max(now, until);
    }

    /** One end: a machine, a blob store, and a record of what came out. */
    final class End implements ExchangeEffect.Sink {
        final String name;
        final ExchangeMachine machine;
        final Map<SwarmId, byte[]> store = new HashMap<>();
        final Map<SwarmId, GroupSet> heldBySwarm = new HashMap<>();
        final Map<SwarmId, GroupSet> sources = new HashMap<>();

        /** Whatever the peer offered as a source, in order. */
        final List<GroupSet> offers = new ArrayList<>();

        final List<SwarmId> peerOpened = new ArrayList<>();
        final Map<Long, byte[]> received = new HashMap<>();
        final Map<Long, Long> nextGroup = new HashMap<>();
        final List<Long> completed = new ArrayList<>();
        final Map<Long, SourceException.Reason> failed = new HashMap<>();
        final Map<Long, byte[]> trees = new HashMap<>();
        final Map<Long, SourceException.Reason> treesFailed = new HashMap<>();
        final List<String> misbehaviour = new ArrayList<>();
        final List<byte[]> credentials = new ArrayList<>();

        final Map<SwarmId, GroupSet> shown = new HashMap<>();
        final List<Long> wishes = new ArrayList<>();

        /** Of groups and trees, in bytes. */
        long permitted;

        long served;
        long unused;

        @Nullable String closed;

        ExchangeEffect.@Nullable Ending ending;
        boolean failReads;
        long bytesSent;
        long lateBytes;
        long channelFree;

        /** 0 for a transport that takes each message in up to 2 ms, whatever its length. */
        long bytesPerSecond;

        long maxUntaken;
        int longest;
        long untaken;

        /** Set so far; only the last still rings. */
        private int alarms;

        End other;

        End(String name, ExchangeMachine machine) {
            this.name = name;
            this.machine = machine;
        }

        void add(SwarmId swarm, byte[] blob, GroupSet held) {
            store.put(swarm, blob);
            heldBySwarm.put(swarm, held);
            apply(machine.openBlob(swarm, blob.length, held, now));
        }

        void hold(SwarmId swarm, GroupSet held) {
            heldBySwarm.put(swarm, held);
            apply(machine.heldChanged(swarm, held, now));
        }

        void apply(List<ExchangeEffect> effects) {
            effects.forEach(effect -> effect.deliver(this));
        }

        /** Hears this of a peer whom the test speaks for. */
        void hear(Frame frame) {
            ByteBuffer message = joined(FrameCodec.encode(frame));
            apply(machine.received(message, now));
        }

        private static ByteBuffer joined(List<ByteBuffer> parts) {
            ByteBuffer message = ByteBuffer.allocate(
                    parts.stream().mapToInt(ByteBuffer::remaining).sum());
            parts.forEach(part -> message.put(part.duplicate()));
            return message.flip();
        }

        void sendRaw(ByteBuffer message) {
            long takes = bytesPerSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(message.remaining()) / bytesPerSecond;
            long arrival = Math.max(channelFree, now + 1_000 + random.nextInt(2_000_000)) + takes;
            channelFree = arrival;
            at(arrival - now, () -> other.apply(other.machine.received(message, now)));
        }

        @Override
        public void send(ExchangeEffect.Send effect) {
            ByteBuffer message = joined(effect.parts());
            int size = message.remaining();
            bytesSent += size;
            served += payload(message.duplicate());
            longest = Math.max(longest, size);
            untaken += size;
            maxUntaken = Math.max(maxUntaken, untaken);
            sendRaw(message);
            at(channelFree - now, () -> {
                untaken -= size;
                apply(machine.handedOver(size, now));
            });
        }

        private long payload(ByteBuffer message) {
            try {
                Frame frame = FrameCodec.decode(message);
                if (frame instanceof Frame.Groups groups) {
                    return groups.bytes().remaining();
                }
                return frame instanceof Frame.TreeBytes tree ? tree.bytes().remaining() : 0;
            } catch (MalformedFrameException e) {
                throw new IllegalStateException("sent what is no frame, seed " + seed, e);
            }
        }

        @Override
        public void readGroups(ExchangeEffect.ReadGroups effect) {
            at(random.nextInt(500_000), () -> {
                ByteBuffer bytes = null;
                if (!failReads) {
                    boolean there = heldBySwarm.get(effect.swarm()).containsAll(effect.groups());
                    byte[] blob = store.get(effect.swarm());
                    int from = (int) effect.groups().first() * ExchangeProtocol.GROUP_BYTES;
                    int to = (int) Math.min(blob.length, effect.groups().end() * ExchangeProtocol.GROUP_BYTES);
                    bytes = there ? ByteBuffer.wrap(blob, from, to - from).slice() : ByteBuffer.allocate(0);
                }
                apply(machine.read(effect.read(), bytes, now));
            });
        }

        @Override
        public void readTree(ExchangeEffect.ReadTree effect) {
            at(random.nextInt(500_000), () -> {
                byte[] tree = new byte[effect.length()];
                java.util.Arrays.fill(tree, (byte) (effect.offset() / 64));
                apply(machine.read(effect.read(), failReads ? null : ByteBuffer.wrap(tree), now));
            });
        }

        @Override
        public void wakeAt(ExchangeEffect.WakeAt effect) {
            int mine = ++alarms;
            at(Math.max(0, effect.nanos() - now), () -> {
                if (mine == alarms) {
                    apply(machine.wake(now));
                }
            });
        }

        @Override
        public void peerOpened(ExchangeEffect.PeerOpened effect) {
            peerOpened.add(effect.swarm());
        }

        @Override
        public void available(ExchangeEffect.Available effect) {
            sources.put(effect.swarm(), effect.groups());
            offers.add(effect.groups());
        }

        @Override
        public void left(ExchangeEffect.Left effect) {
            assertThat(sources.remove(effect.swarm()))
                    .as("left what was joined")
                    .isNotNull();
        }

        @Override
        public void holds(ExchangeEffect.Holds effect) {
            assertThat(sources).as("a peer that serves nothing is no source").doesNotContainKey(effect.swarm());
            shown.put(effect.swarm(), effect.groups());
        }

        @Override
        public void wants(ExchangeEffect.Wants effect) {
            assertThat(effect.bytes()).isBetween(0L, ExchangeProtocol.MAX_PIECE_BYTES);
            wishes.add(effect.bytes());
        }

        /** What was asked for last and not permitted since. */
        long wish() {
            return wishes.isEmpty() ? 0 : wishes.get(wishes.size() - 1);
        }

        void permit(long bytes) {
            wishes.add(0L);
            permitted += bytes;
            apply(machine.permit(bytes, now));
        }

        @Override
        public void unused(ExchangeEffect.Unused effect) {
            assertThat(effect.bytes()).isPositive();
            unused += effect.bytes();
        }

        @Override
        public void late(ExchangeEffect.Late effect) {
            lateBytes += effect.bytes();
        }

        @Override
        public void delivered(ExchangeEffect.Delivered effect) {
            assertThat(failed).doesNotContainKey(effect.transfer());
            assertThat(completed).doesNotContain(effect.transfer());
            byte[] before = received.getOrDefault(effect.transfer(), new byte[0]);
            Long next = nextGroup.get(effect.transfer());
            if (next != null) {
                assertThat(effect.firstGroup()).isEqualTo(next);
            }
            int length = effect.bytes().remaining();
            nextGroup.put(
                    effect.transfer(),
                    effect.firstGroup() + (length + ExchangeProtocol.GROUP_BYTES - 1) / ExchangeProtocol.GROUP_BYTES);
            byte[] after = java.util.Arrays.copyOf(before, before.length + length);
            effect.bytes().duplicate().get(after, before.length, length);
            received.put(effect.transfer(), after);
        }

        @Override
        public void completed(ExchangeEffect.Completed effect) {
            assertThat(failed).doesNotContainKey(effect.transfer());
            assertThat(completed).doesNotContain(effect.transfer());
            completed.add(effect.transfer());
        }

        @Override
        public void failed(ExchangeEffect.Failed effect) {
            assertThat(completed).doesNotContain(effect.transfer());
            assertThat(failed.put(effect.transfer(), effect.failure().reason())).isNull();
        }

        @Override
        public void treeArrived(ExchangeEffect.TreeArrived effect) {
            byte[] bytes = new byte[effect.bytes().remaining()];
            effect.bytes().get(bytes);
            assertThat(treesFailed).doesNotContainKey(effect.question());
            assertThat(trees.put(effect.question(), bytes)).isNull();
        }

        @Override
        public void treeFailed(ExchangeEffect.TreeFailed effect) {
            assertThat(trees).doesNotContainKey(effect.question());
            assertThat(treesFailed.put(effect.question(), effect.failure().reason()))
                    .isNull();
        }

        @Override
        public void credentialShown(ExchangeEffect.CredentialShown effect) {
            byte[] bytes = new byte[effect.encoded().remaining()];
            effect.encoded().get(bytes);
            credentials.add(bytes);
        }

        @Override
        public void misbehaved(ExchangeEffect.Misbehaved effect) {
            misbehaviour.add(effect.what());
        }

        @Override
        public void closed(ExchangeEffect.Closed effect) {
            assertThat(closed).isNull();
            closed = effect.why();
            ending = effect.ending();
            at(5_000_000, () -> other.apply(other.machine.lost(now)));
        }
    }
}
