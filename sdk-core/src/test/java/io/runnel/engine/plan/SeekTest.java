package io.runnel.engine.plan;

import static io.runnel.engine.plan.Client.MILLI;
import static io.runnel.engine.plan.Client.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A reader that jumps about while everything it may ask for is under way: seeds of it, in virtual time. */
class SeekTest {
    private static final int SEEDS = 200;
    private static final int SEEKS = 20;
    private static final int LOOK_AHEAD_GROUPS = 200;
    private static final long BUDGET_GROUPS = 128;
    /** The engine plans at least this often, and at once after a seek. */
    private static final long TICK_MILLIS = 100;

    @Test
    void seek_atAnyMoment_cancelsWhatIsNoLongerWantedWithin100Millis() {
        long cancelled = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            Viewer viewer = new Viewer(seed);
            viewer.seekAbout();
            cancelled += viewer.cancelled;
        }
        assertThat(cancelled).isGreaterThan(SEEDS);
    }

    private static final class Viewer {
        private final long seed;
        private final SplittableRandom random;
        private final Client client = new Client(BUDGET_GROUPS);
        private final BlobPlan blob = client.open(true);
        private long cancelled;
        private GroupSet held = GroupSet.empty();
        private GroupRange wanted = range(0, 0);

        Viewer(long seed) {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            client.measuredOrigin(blob, 300);
            for (int i = 0; i < 3; i++) {
                client.measuredPeer(blob, "p" + i, 50 + random.nextInt(200));
            }
        }

        void seekAbout() {
            for (int i = 0; i < SEEKS; i++) {
                long at = random.nextInt(1000);
                wanted = range(at, Math.min(1000, at + LOOK_AHEAD_GROUPS));
                client.planAfter(random.nextLong(TICK_MILLIS + 1));
                long soughtNanos = client.now;
                want();
                client.planAfter(random.nextLong(TICK_MILLIS + 1));
                cancelled += client.cancelled().size();
                assertThat(client.now - soughtNanos).isLessThanOrEqualTo(TICK_MILLIS * MILLI);
                assertOnlyWhatIsWanted(at);
                deliverSome();
            }
        }

        private void want() {
            client.reads(blob, wanted.first(), wanted.end(), 0);
        }

        private void assertOnlyWhatIsWanted(long at) {
            assertThat(blob.requests())
                    .as("seed %d, seek to %d", seed, at)
                    .allMatch(request -> overlaps(request.missing()));
        }

        private boolean overlaps(GroupRange groups) {
            return groups.first() < wanted.end() && groups.end() > wanted.first();
        }

        /** A few requests bring a part of what they were asked for. */
        private void deliverSome() {
            for (Request request : blob.requests()) {
                if (random.nextInt(4) == 0 && !request.missing().isEmpty()) {
                    GroupRange missing = request.missing();
                    long end = missing.first() + 1 + random.nextLong(missing.count());
                    blob.delivered(request, end, client.now);
                    GroupRange came = range(missing.first(), end);
                    held = held.plus(came);
                    blob.settled(request, came, true);
                }
            }
            blob.held(held);
        }
    }
}
