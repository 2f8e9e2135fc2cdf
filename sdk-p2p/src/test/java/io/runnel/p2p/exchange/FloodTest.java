package io.runnel.p2p.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.SwarmId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A peer whose every message is legal, but who sends them without end or never takes an answer. */
class FloodTest {
    private static final SwarmId SWARM = SwarmId.of(new byte[32]);
    private static final long MILLI = 1_000_000;
    private static final int GROUPS = 64;

    private final ExchangeMachine machine = new ExchangeMachine(true, true);
    private final List<ExchangeEffect> ends = new ArrayList<>();
    private long now;
    private long answers;
    private long answeredBytes;

    /** What the engine hears of. */
    private long news;

    @BeforeEach
    void greet() {
        machine.openBlob(SWARM, (long) GROUPS * ExchangeProtocol.GROUP_BYTES, GroupSet.all(1), now);
        machine.opened(now);
        say(new Frame.Hello(1, true, 1 << 18, 64));
        say(new Frame.Open(5, SWARM));
    }

    private void say(Frame frame) {
        List<ByteBuffer> parts = FrameCodec.encode(frame);
        ByteBuffer all = ByteBuffer.allocate(
                parts.stream().mapToInt(ByteBuffer::remaining).sum());
        parts.forEach(all::put);
        for (ExchangeEffect effect : machine.received(all.flip(), now)) {
            if (effect instanceof ExchangeEffect.Send send) {
                answers++;
                answeredBytes +=
                        send.parts().stream().mapToInt(ByteBuffer::remaining).sum();
            } else if (ends.isEmpty()
                    && (effect instanceof ExchangeEffect.Available || effect instanceof ExchangeEffect.Left)) {
                news++;
            } else if (effect instanceof ExchangeEffect.Closed || effect instanceof ExchangeEffect.Misbehaved) {
                ends.add(effect);
            }
        }
    }

    /** Says it again and again until the machine ends; how often. */
    private long until(long most, long everyNanos, LongFunction<Frame> frame) {
        long said = 0;
        while (ends.isEmpty() && said < most) {
            now += everyNanos;
            say(frame.apply(++said));
        }
        return said;
    }

    @Test
    void request_answersAreNotTaken_endsTheConnection() {
        long said = until(200_000, MILLI, id -> new Frame.Request(id, 5, new GroupRange(1, 2)));
        assertThat(said).isLessThan(20_000);
        assertThat(answers).isBetween(said - 10, said + 10);
        assertThat(ends).hasOnlyElementsOfType(ExchangeEffect.Closed.class);
    }

    @Test
    void request_answersAreTaken_goesOn() {
        until(50_000, MILLI, id -> {
            machine.handedOver(10, now);
            return new Frame.Request(id, 5, new GroupRange(1, 2));
        });
        assertThat(ends).isEmpty();
    }

    /** A transport that has taken many frames says so in one sum. */
    @Test
    void request_answersAreTakenManyAtATime_goesOn() {
        until(10_000, MILLI, id -> {
            if (id % 100 == 0) {
                machine.handedOver(answeredBytes, now);
                answeredBytes = 0;
            }
            return new Frame.Request(id, 5, new GroupRange(1, 2));
        });
        assertThat(ends).isEmpty();
        assertThat(answers).isGreaterThan(9_000);
    }

    @Test
    void cancel_withoutEnd_isCaught() {
        long said = until(1_000_000, 1_000, id -> new Frame.Cancel(7));
        assertThat(said).isLessThan(5_000);
        assertThat(ends).hasAtLeastOneElementOfType(ExchangeEffect.Misbehaved.class);
    }

    @Test
    void cancel_withoutEndAfterAnIdleHour_isCaughtAsSoon() {
        now += 3_600_000 * MILLI;
        long said = until(1_000_000, 1_000, id -> new Frame.Cancel(7));
        assertThat(said).isLessThan(5_000);
        assertThat(ends).hasAtLeastOneElementOfType(ExchangeEffect.Misbehaved.class);
    }

    @Test
    void cancel_asOftenAsABusyPeer_isNot() {
        until(100_000, MILLI / 2, id -> new Frame.Cancel(7));
        assertThat(ends).isEmpty();
    }

    @Test
    void open_againAndAgain_isNotToldAllEachTime() {
        List<GroupRange> runs = new ArrayList<>();
        for (int i = 0; i < GROUPS; i += 2) {
            runs.add(new GroupRange(i, i + 1));
        }
        machine.heldChanged(SWARM, GroupSet.of(runs), now);
        long before = answeredBytes;
        long start = now;
        until(2_000, MILLI, id -> id % 2 == 1 ? new Frame.Close(5) : new Frame.Open(5, SWARM));
        assertThat(ends).isEmpty();
        long most = 1 + (now - start) / ExchangeProtocol.HAVE_NANOS;
        assertThat(answeredBytes - before).isBetween(1L, most * (6 + 8L * runs.size()));
    }

    @Test
    void open_again_isToldAllInTheEnd() {
        say(new Frame.Close(5));
        long before = answers;
        say(new Frame.Open(5, SWARM));
        assertThat(answers).isEqualTo(before);
        now += ExchangeProtocol.HAVE_NANOS;
        assertThat(machine.wake(now)).hasOnlyElementsOfType(ExchangeEffect.Send.class);
    }

    @Test
    void have_manyRunsBetweenMany_addsThemAll() {
        ExchangeMachine big = new ExchangeMachine(true, true);
        big.openBlob(SWARM, 10_000L * ExchangeProtocol.GROUP_BYTES, GroupSet.empty(), now);
        big.opened(now);
        big.received(FrameCodec.encode(new Frame.Hello(1, true, 1 << 18, 64)).get(0), now);
        big.received(FrameCodec.encode(new Frame.Open(5, SWARM)).get(0), now);
        List<GroupRange> runs = new ArrayList<>();
        for (int i = 0; i < ExchangeProtocol.MAX_HAVE_RUNS; i++) {
            runs.add(new GroupRange(4L * i, 4L * i + 1));
        }
        List<GroupRange> between = runs.stream()
                .map(run -> new GroupRange(run.first() + 2, run.end() + 2))
                .toList();
        big.received(FrameCodec.encode(new Frame.Have(5, false, runs)).get(0), now);
        List<ExchangeEffect> effects =
                big.received(FrameCodec.encode(new Frame.Have(5, true, between)).get(0), now);
        GroupSet all = GroupSet.empty();
        for (GroupRange run : runs) {
            all = all.plus(run).plus(new GroupRange(run.first() + 2, run.end() + 2));
        }
        assertThat(effects).contains(new ExchangeEffect.Available(SWARM, all));
    }

    private static List<GroupRange> everyOther(int first, int count) {
        List<GroupRange> runs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            runs.add(new GroupRange(first + 2L * i, first + 2L * i + 1));
        }
        return runs;
    }

    /** The peer holds all the runs of one blob that are kept; the index it gave it. */
    private int holdManyRuns() {
        SwarmId swarm = SwarmId.of(numbered(1));
        machine.openBlob(swarm, 10_000L * ExchangeProtocol.GROUP_BYTES, GroupSet.empty(), now);
        say(new Frame.Open(6, swarm));
        for (int part = 0; part < 4; part++) {
            say(new Frame.Have(6, part > 0, everyOther(2048 * part, 1024)));
        }
        return 6;
    }

    private static byte[] numbered(int number) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) (number >> 8);
        bytes[1] = (byte) number;
        return bytes;
    }

    @Test
    void have_ofWhatThePeerHoldsAlready_isNoNews() {
        say(new Frame.Have(5, false, List.of(new GroupRange(0, 9))));
        news = 0;
        say(new Frame.Have(5, true, List.of(new GroupRange(3, 4))));
        say(new Frame.Have(5, false, List.of(new GroupRange(0, 9))));
        assertThat(news).isZero();
        say(new Frame.Have(5, true, List.of(new GroupRange(3, 10))));
        say(new Frame.Have(5, false, List.of(new GroupRange(0, 9))));
        assertThat(news).isEqualTo(2);
    }

    @Test
    void have_oneGroupMoreOfManyRunsWithoutEnd_isCaughtSoonerThanWhatIsLessWork() {
        int index = holdManyRuns();
        long said = until(100_000, MILLI, id -> new Frame.Have(index, true, List.of(new GroupRange(0, 1))));
        assertThat(said).isBetween(100L, 1_000L);
        assertThat(ends).hasAtLeastOneElementOfType(ExchangeEffect.Misbehaved.class);
    }

    @Test
    void have_ofAllWhereThisSideHoldsManyRuns_isCaughtSoonerThanWhatIsLessWork() {
        SwarmId swarm = SwarmId.of(numbered(1));
        machine.openBlob(swarm, 10_000L * ExchangeProtocol.GROUP_BYTES, GroupSet.of(everyOther(0, 4096)), now);
        say(new Frame.Open(6, swarm));
        long said = until(100_000, MILLI, id -> {
            machine.handedOver(1 << 20, now);
            return new Frame.Have(6, false, List.of(new GroupRange(0, 1 + id % 2)));
        });
        assertThat(said).isBetween(100L, 1_000L);
        assertThat(ends).hasAtLeastOneElementOfType(ExchangeEffect.Misbehaved.class);
    }

    @Test
    void have_ofManyRunsAsOftenAsAtAGigabit_isNotCaught() {
        int index = holdManyRuns();
        until(20_000, 8 * MILLI, id -> new Frame.Have(index, true, List.of(new GroupRange(0, 1 + id % 9_000))));
        assertThat(ends).isEmpty();
    }

    /** Each blob of which the peer serves something is one word to the engine each time. */
    @Test
    void serving_toggledWithoutEnd_isCaughtBeforeTheEngineHearsMuch() {
        shareManyBlobs();
        news = 0;
        until(100_000, MILLI, id -> new Frame.Serving(id % 2 == 0));
        assertThat(ends).hasAtLeastOneElementOfType(ExchangeEffect.Misbehaved.class);
        assertThat(news).isBetween(100L, 2_500L);
    }

    @Test
    void serving_toggledNowAndThen_isNotCaught() {
        shareManyBlobs();
        until(100, 1000 * MILLI, id -> new Frame.Serving(id % 2 == 0));
        assertThat(ends).isEmpty();
    }

    @Test
    void serving_theSameAgain_isNoNews() {
        shareManyBlobs();
        news = 0;
        until(1000, MILLI, id -> new Frame.Serving(true));
        assertThat(ends).isEmpty();
        assertThat(news).isZero();
    }

    private void shareManyBlobs() {
        for (int i = 0; i < ExchangeProtocol.MAX_BLOBS; i++) {
            if (i != 5) {
                SwarmId swarm = SwarmId.of(numbered(1 + i));
                machine.openBlob(swarm, ExchangeProtocol.GROUP_BYTES, GroupSet.empty(), now);
                say(new Frame.Open(i, swarm));
                say(new Frame.Have(i, false, List.of(new GroupRange(0, 1))));
            }
        }
    }
}
