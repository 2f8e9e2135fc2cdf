package io.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.engine.plan.BlobPlan;
import io.runnel.engine.plan.Demand;
import io.runnel.engine.plan.Step;
import io.runnel.fetch.FetchSettings;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.SourceInfo;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class PlanningTest {
    private final BlockingQueue<String> done = new LinkedBlockingQueue<>();
    private final Queue<Long> pausedNanos = new ConcurrentLinkedQueue<>();

    /** Throws whatever it is told to do. */
    private final class Thrower implements Planning.Planned {
        private final String name;
        private final BlobPlan plan;

        Thrower(String name, Planning planning) {
            this.name = name;
            plan = planning.machine().open(name.hashCode(), false, System.nanoTime());
            planning.machine().join(plan, new SourceInfo(name, SourceInfo.Kind.ORIGIN), GroupSet.all(1));
            plan.provable(GroupSet.all(1));
            plan.demands(List.of(Demand.undated(new GroupRange(0, 1), Demand.Priority.DOWNLOAD)));
            planning.add(plan, this);
        }

        @Override
        public List<Reach> reaches() {
            return List.of();
        }

        @Override
        public void describe(long nowNanos) {
            done.add(name + " described");
            throw new IllegalStateException("scripted");
        }

        @Override
        public void paused(long fromNanos, long nowNanos) {
            pausedNanos.add(nowNanos - fromNanos);
        }

        @Override
        public void carryOut(Step step) {
            done.add(name + " " + step.kind());
            throw new IllegalStateException("scripted");
        }
    }

    @Test
    void replan_eachBlobThrows_noneLosesItsPlan() throws InterruptedException {
        try (EngineLoop loop = new EngineLoop()) {
            Planning planning = new Planning(loop, FetchSettings.defaults(), 64 << 20);
            new Thrower("one", planning);
            new Thrower("other", planning);
            planning.replan();
            for (int i = 0; i < 4; i++) {
                assertThat(done.poll(5, TimeUnit.SECONDS))
                        .isIn("one described", "other described", "one ASK", "other ASK");
            }
        }
        assertThat(done).isEmpty();
    }

    @Test
    void runs_notForLong_blobsHearOfItOnce() {
        try (EngineLoop loop = new EngineLoop()) {
            Planning planning = new Planning(loop, FetchSettings.defaults(), 64 << 20);
            new Thrower("one", planning);
            long before = planning.progressNanos();
            long now = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            planning.runs(now);
            assertThat(pausedNanos).singleElement().isEqualTo(planning.progressNanos() - before);
            // All of it but for the usual; the test itself may be held up besides.
            assertThat(pausedNanos.peek()).isBetween(59_700_000_000L, 80_000_000_000L);
            planning.runs(now + TimeUnit.MILLISECONDS.toNanos(200));
            assertThat(pausedNanos).hasSize(1);
        }
    }

    @Test
    void runs_noBlobWasOpenForLong_isNoPause() {
        try (EngineLoop loop = new EngineLoop()) {
            Planning planning = new Planning(loop, FetchSettings.defaults(), 64 << 20);
            Thrower first = new Thrower("first", planning);
            planning.runs(System.nanoTime() - TimeUnit.SECONDS.toNanos(60));
            planning.remove(first.plan);
            new Thrower("later", planning);
            planning.runs(System.nanoTime());
            // The test itself may be held up for a moment.
            assertThat(pausedNanos).allMatch(nanos -> nanos < 30_000_000_000L);
        }
    }
}
