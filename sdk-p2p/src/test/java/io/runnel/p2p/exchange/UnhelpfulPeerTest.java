package io.runnel.p2p.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.SwarmId;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A peer that keeps to the rules and is of no help: it stalls, refuses, or leaves. The test speaks for it. */
class UnhelpfulPeerTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int GROUP = ExchangeProtocol.GROUP_BYTES;
    private static final int GROUPS = 100;
    private static final SwarmId SWARM = SwarmId.of(new byte[32]);

    private final Pair pair = new Pair(7);
    private final Pair.End asker = pair.left;

    /** The peer takes so many requests at a time. */
    private void greet(int requests) {
        asker.add(SWARM, new byte[GROUPS * GROUP], GroupSet.empty());
        asker.apply(asker.machine.opened(pair.now));
        asker.hear(new Frame.Hello(1, true, 1 << 18, requests));
        asker.hear(new Frame.Open(5, SWARM));
        asker.hear(new Frame.Have(5, false, List.of(new GroupRange(0, GROUPS))));
    }

    /** Of one group. */
    private void fetch(long id, long group) {
        asker.apply(asker.machine.fetch(id, SWARM, new GroupRange(group, group + 1), pair.now));
    }

    private void wake(long seconds) {
        pair.now = seconds * SECOND;
        asker.apply(asker.machine.wake(pair.now));
    }

    @Test
    void wake_stallsAgainAfterItAnswered_hasASecondChanceAgain() {
        greet(64);
        fetch(1, 0);
        wake(10);
        assertThat(asker.failed).containsEntry(1L, SourceException.Reason.TIMED_OUT);
        // It confirms at least that what timed out was taken back.
        asker.hear(new Frame.Refuse(1, Frame.Refuse.Refusal.CANCELLED, 0));
        fetch(2, 0);
        wake(20);
        assertThat(asker.failed).containsEntry(2L, SourceException.Reason.TIMED_OUT);
        assertThat(asker.closed).isNull();
        wake(30);
        assertThat(asker.closed).isEqualTo("peer delivers nothing");
    }

    @Test
    void refuse_allThatItTakesAtATime_isAskedForWhatWaits() {
        greet(2);
        fetch(1, 0);
        fetch(2, 1);
        fetch(3, 2);
        asker.hear(new Frame.Refuse(1, Frame.Refuse.Refusal.BUSY, 100));
        asker.hear(new Frame.Refuse(2, Frame.Refuse.Refusal.BUSY, 100));
        assertThat(asker.failed).containsOnlyKeys(1L, 2L);
        asker.hear(new Frame.Groups(3, 2, ByteBuffer.allocate(GROUP)));
        assertThat(asker.misbehaviour).isEmpty();
        assertThat(asker.completed).containsExactly(3L);
    }

    @Test
    void close_withoutAnAnswerToWhatIsAsked_failsItAtOnce() {
        greet(64);
        fetch(1, 0);
        asker.apply(asker.machine.tree(2, SWARM, 0, 64, pair.now));
        asker.hear(new Frame.Close(5));
        assertThat(asker.failed).containsEntry(1L, SourceException.Reason.CLOSED);
        assertThat(asker.treesFailed).containsEntry(2L, SourceException.Reason.CLOSED);
        assertThat(asker.sources).isEmpty();
        assertThat(asker.closed).isNull();
    }
}
