package io.runnel.p2p.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.SwarmId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer that breaks the rules is caught, told nothing, and let go; whatever it sends, the machine does not break. */
class MisbehaviourTest {
    private static final int GROUP = ExchangeProtocol.GROUP_BYTES;
    private static final int GROUPS = 100;
    private static final SwarmId SWARM = SwarmId.of(new byte[32]);

    /** A machine that has said hello to, and shares a blob with, the hand-driven peer of a test. */
    private final Pair pair = new Pair(7);

    private final Pair.End victim = pair.left;

    private void say(Frame frame) {
        victim.hear(frame);
    }

    private void greet() {
        victim.add(SWARM, new byte[GROUPS * GROUP], GroupSet.all(GROUPS));
        victim.apply(victim.machine.opened(pair.now));
        say(new Frame.Hello(1, true, 1 << 18, 64));
        say(new Frame.Open(5, SWARM));
        say(new Frame.Have(5, false, List.of(new GroupRange(0, GROUPS))));
        assertThat(victim.sources).containsKey(SWARM);
    }

    private void fetch() {
        victim.apply(victim.machine.fetch(1, SWARM, new GroupRange(0, GROUPS), pair.now));
    }

    private void assertCaught() {
        assertThat(victim.misbehaviour).hasSize(1);
        assertThat(victim.closed).isEqualTo("protocol broken");
        assertThat(victim.sources).isEmpty();
        say(new Frame.Hello(1, true, 1 << 18, 64));
        assertThat(victim.misbehaviour).hasSize(1);
    }

    private static ByteBuffer bytes(int size) {
        return ByteBuffer.allocate(size);
    }

    @Test
    void groups_unasked_areCaught() {
        greet();
        say(new Frame.Groups(1, 0, bytes(GROUP)));
        assertCaught();
        assertThat(victim.received).isEmpty();
    }

    @Test
    void groups_ofALaterRequestFirst_areCaught() {
        greet();
        fetch();
        say(new Frame.Groups(2, 32, bytes(GROUP)));
        assertCaught();
        assertThat(victim.failed).containsEntry(1L, SourceException.Reason.PROTOCOL);
    }

    @Test
    void groups_otherThanTheNext_areCaught() {
        greet();
        fetch();
        say(new Frame.Groups(1, 0, bytes(GROUP)));
        say(new Frame.Groups(1, 2, bytes(GROUP)));
        assertCaught();
        assertThat(victim.received.get(1L)).hasSize(GROUP);
    }

    @Test
    void groups_notWhole_areCaught() {
        greet();
        fetch();
        say(new Frame.Groups(1, 0, bytes(GROUP + 1)));
        assertCaught();
    }

    @Test
    void groups_moreThanAsked_areCaught() {
        greet();
        victim.apply(victim.machine.fetch(1, SWARM, new GroupRange(0, 2), pair.now));
        say(new Frame.Groups(1, 0, bytes(3 * GROUP)));
        assertCaught();
    }

    @Test
    void treeBytes_unaskedOrOfAnotherLength_areCaught() {
        greet();
        victim.apply(victim.machine.tree(1, SWARM, 0, 128, pair.now));
        say(new Frame.TreeBytes(1, bytes(64)));
        assertCaught();
        assertThat(victim.treesFailed).containsEntry(1L, SourceException.Reason.PROTOCOL);
    }

    @Test
    void refuse_nothing_isCaught() {
        greet();
        say(new Frame.Refuse(77, Frame.Refuse.Refusal.BUSY, 0));
        assertCaught();
    }

    @Test
    void anything_beforeHello_isCaught() {
        victim.apply(victim.machine.opened(0));
        say(new Frame.Open(1, SWARM));
        assertThat(victim.misbehaviour).containsExactly("something before the hello");
    }

    @Test
    void hello_twice_isCaught() {
        greet();
        say(new Frame.Hello(1, true, 1 << 18, 64));
        assertThat(victim.misbehaviour).containsExactly("a second hello");
    }

    @Test
    void hello_anotherVersion_isAGoodbye() {
        victim.apply(victim.machine.opened(0));
        say(new Frame.Hello(2, true, 1 << 18, 64));
        assertThat(victim.misbehaviour).isEmpty();
        assertThat(victim.closed).contains("version");
        assertThat(victim.ending).isEqualTo(ExchangeEffect.Ending.OTHER_VERSION);
    }

    @Test
    void request_idUsedBefore_isCaught() {
        greet();
        say(new Frame.Request(4, 5, new GroupRange(0, 1)));
        say(new Frame.Request(4, 5, new GroupRange(1, 2)));
        assertCaught();
    }

    @Test
    void request_beyondTheBlob_isCaught() {
        greet();
        say(new Frame.Request(1, 5, new GroupRange(GROUPS, GROUPS + 1)));
        assertCaught();
    }

    @Test
    void request_moreThanAgreed_isCaught() {
        greet();
        for (int id = 1; id <= ExchangeProtocol.MAX_REQUESTS; id++) {
            say(new Frame.Request(id, 5, new GroupRange(id, id + 1)));
            assertThat(victim.misbehaviour).isEmpty();
        }
        say(new Frame.Request(1000, 5, new GroupRange(0, 1)));
        assertCaught();
    }

    @ParameterizedTest
    @ValueSource(longs = {(GROUPS - 1) * 64L, 1L << 62, Long.MAX_VALUE - 63})
    void tree_beyondTheBlob_isCaught(long offset) {
        greet();
        say(new Frame.Tree(1, 5, (GROUPS - 2) * 64L, 64));
        assertThat(victim.misbehaviour).isEmpty();
        say(new Frame.Tree(2, 5, offset, 64));
        assertCaught();
    }

    @Test
    void tree_lastNodesAndOneMore_isCaught() {
        greet();
        say(new Frame.Tree(1, 5, (GROUPS - 2) * 64L, 128));
        assertCaught();
    }

    @Test
    void tree_moreRequestsThanAgreed_isCaught() {
        greet();
        for (int id = 1; id <= ExchangeProtocol.MAX_REQUESTS; id++) {
            say(new Frame.Tree(id, 5, 0, 64));
            assertThat(victim.misbehaviour).isEmpty();
        }
        say(new Frame.Tree(1000, 5, 0, 64));
        assertCaught();
    }

    @Test
    void request_moreBytesThanAllowed_isToldToComeBack() {
        greet();
        long sent = victim.bytesSent;
        for (int id = 1; id <= 8; id++) {
            say(new Frame.Request(id, 5, new GroupRange(0, GROUPS)));
        }
        assertThat(victim.misbehaviour).isEmpty();
        assertThat(victim.bytesSent - sent).isEqualTo(3 * 10);
    }

    @Test
    void have_beyondTheBlob_isCaught() {
        greet();
        say(new Frame.Have(5, true, List.of(new GroupRange(GROUPS, GROUPS + 1))));
        assertCaught();
    }

    @Test
    void have_ofTooManyRuns_isCaught() {
        Pair big = new Pair(3);
        big.left.add(SWARM, new byte[10_000 * GROUP], GroupSet.empty());
        big.left.apply(big.left.machine.opened(0));
        for (Frame frame : List.of(new Frame.Hello(1, true, 1 << 18, 64), new Frame.Open(0, SWARM))) {
            big.left.apply(big.left.machine.received(FrameCodec.encode(frame).get(0), 0));
        }
        boolean added = false;
        for (int part = 0; part < 5; part++) {
            List<GroupRange> runs = new ArrayList<>();
            for (long i = part * 1000L; i < (part + 1) * 1000L; i++) {
                runs.add(new GroupRange(2 * i, 2 * i + 1));
            }
            Frame frame = new Frame.Have(0, added, runs);
            big.left.apply(big.left.machine.received(FrameCodec.encode(frame).get(0), 0));
            added = true;
        }
        assertThat(big.left.misbehaviour).containsExactly("a have of too many runs");
    }

    @Test
    void open_sameIndexOrSwarmTwice_isCaught() {
        greet();
        say(new Frame.Open(6, SWARM));
        assertCaught();
    }

    @Test
    void blob_neverOpened_isCaught() {
        greet();
        say(new Frame.Request(1, 99, new GroupRange(0, 1)));
        assertCaught();
    }

    @Test
    void anything_mutated_neverBreaksTheMachine() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<byte[]> good = new ArrayList<>(FrameCodecTest.fixtures().values());
        for (int round = 0; round < 2000; round++) {
            Pair attacked = new Pair(seed + round);
            Pair.End end = attacked.left;
            end.add(SWARM, new byte[GROUPS * GROUP], GroupSet.all(GROUPS));
            end.apply(end.machine.opened(0));
            end.apply(end.machine.received(
                    FrameCodec.encode(new Frame.Hello(1, true, 1 << 18, 64)).get(0), 0));
            end.apply(end.machine.received(
                    FrameCodec.encode(new Frame.Open(3, SWARM)).get(0), 0));
            end.apply(end.machine.received(
                    FrameCodec.encode(new Frame.Have(3, false, List.of(new GroupRange(0, 50))))
                            .get(0),
                    0));
            end.apply(end.machine.fetch(1, SWARM, new GroupRange(0, 50), 0));
            try {
                for (int i = 0; i < 20 && end.closed == null; i++) {
                    byte[] frame = good.get(random.nextInt(good.size()));
                    frame = random.nextInt(3) == 0 ? frame : FrameCodecTest.mutate(frame, random);
                    end.apply(end.machine.received(ByteBuffer.wrap(frame), i));
                }
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
            end.apply(end.machine.lost(100));
            assertThat(end.failed.size() + end.completed.size())
                    .as("seed %d", seed)
                    .isEqualTo(1);
        }
    }
}
