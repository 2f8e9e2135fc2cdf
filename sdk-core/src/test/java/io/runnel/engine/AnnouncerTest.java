package io.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.runnel.crypto.BlobId;
import io.runnel.fetch.FetchListener;
import io.runnel.fetch.FetchStats;
import io.runnel.fetch.Stalls;
import io.runnel.source.GroupRange;
import io.runnel.source.SourceInfo;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class AnnouncerTest {
    private static final BlobId BLOB = BlobId.parse("ab".repeat(32));
    private static final FetchStats STATS =
            new FetchStats(Map.of(), 0, 0, 0, Map.of(), Stalls.NONE, Map.of(), Optional.empty(), Duration.ZERO);

    private final Queue<Runnable> executor = new ArrayDeque<>();
    private final Heard heard = new Heard();
    private final Announcer announcer = new Announcer(heard, executor::add);

    private static SourceInfo peer(int number) {
        return new SourceInfo("peer:" + number, SourceInfo.Kind.PEER);
    }

    private void unblock() {
        for (Runnable task = executor.poll(); task != null; task = executor.poll()) {
            task.run();
        }
    }

    @Test
    void events_listenerKeepsUp_areHeardInOrder() {
        announcer.started(BLOB, 5);
        announcer.joined(BLOB, peer(1));
        unblock();
        announcer.verified(BLOB, new GroupRange(0, 2), peer(1));
        unblock();
        announcer.verified(BLOB, new GroupRange(2, 3), peer(1));
        announcer.left(BLOB, peer(1));
        announcer.finished(BLOB, STATS);
        unblock();
        assertThat(heard.events)
                .containsExactly(
                        "started",
                        "joined peer:1",
                        "verified [0, 2) peer:1",
                        "verified [2, 3) peer:1",
                        "left peer:1",
                        "finished");
    }

    @Test
    void verified_listenerBlocks_waitsAsOneEventForEachSource() {
        announcer.joined(BLOB, peer(1));
        announcer.joined(BLOB, peer(2));
        for (int group = 0; group < 100_000; group++) {
            announcer.verified(BLOB, new GroupRange(group, group + 1), peer(1));
            announcer.verified(BLOB, new GroupRange(500_000 + group, 500_001 + group), peer(2));
        }
        announcer.verified(BLOB, new GroupRange(700_000, 700_001), peer(2));
        unblock();
        assertThat(heard.events)
                .containsExactly(
                        "joined peer:1",
                        "joined peer:2",
                        "verified [0, 100000) peer:1",
                        "verified [500000, 600000) peer:2",
                        "verified [700000, 700001) peer:2");
    }

    @Test
    void verified_afterTheSourceLeftAndCameBack_isHeardAfterTheSecondJoin() {
        announcer.joined(BLOB, peer(1));
        announcer.verified(BLOB, new GroupRange(0, 1), peer(1));
        announcer.left(BLOB, peer(1));
        announcer.joined(BLOB, peer(1));
        announcer.verified(BLOB, new GroupRange(1, 2), peer(1));
        unblock();
        assertThat(heard.events)
                .containsExactly(
                        "joined peer:1",
                        "verified [0, 1) peer:1",
                        "left peer:1",
                        "joined peer:1",
                        "verified [1, 2) peer:1");
    }

    @Test
    void joinedAndLeft_listenerBlocksAndPeersComeAndGo_staysBoundedAndPaired() {
        announcer.started(BLOB, 5);
        announcer.joined(BLOB, peer(0));
        for (int i = 1; i <= 50_000; i++) {
            announcer.joined(BLOB, peer(i));
            if (i % 10_000 == 0) {
                announcer.rejected(BLOB, peer(i), "lied");
            } else if (i % 5_000 == 0) {
                announcer.verified(BLOB, new GroupRange(i, i + 1), peer(i));
            }
            announcer.left(BLOB, peer(i));
        }
        announcer.left(BLOB, peer(0));
        announcer.finished(BLOB, STATS);
        unblock();
        assertThat(heard.events).hasSizeLessThan(Announcer.MANY + 50);
        assertThat(heard.events).startsWith("started").endsWith("finished");
        assertThat(heard.unpaired).isEmpty();
        assertThat(heard.present).isEmpty();
        assertThat(heard.events.stream().filter(event -> event.startsWith("rejected")))
                .hasSize(5);
        assertThat(heard.events.stream().filter(event -> event.startsWith("verified")))
                .hasSize(5);
    }

    @Test
    void listener_throwsWhatever_hearsTheNextEvent() {
        Announcer toThrower = new Announcer(
                new FetchListener() {
                    @Override
                    public void started(BlobId blob, long plaintextBytes) {
                        calls.add("started");
                        throw new IllegalStateException("scripted");
                    }

                    @Override
                    public void sourceJoined(BlobId blob, SourceInfo source) {
                        calls.add("joined");
                        throw new NoClassDefFoundError("scripted");
                    }

                    @Override
                    public void finished(BlobId blob, FetchStats totals) {
                        calls.add("finished");
                    }
                },
                executor::add);
        toThrower.started(BLOB, 1);
        toThrower.joined(BLOB, peer(1));
        toThrower.finished(BLOB, STATS);
        assertThatCode(this::unblock).doesNotThrowAnyException();
        assertThat(calls).containsExactly("started", "joined", "finished");
    }

    private final List<String> calls = new ArrayList<>();

    /** Throws at each piece verified. */
    private final FetchListener thrower = new FetchListener() {
        @Override
        public void verified(BlobId blob, GroupRange groups, SourceInfo source) {
            calls.add("verified " + groups.first());
            throw new IllegalStateException("scripted");
        }
    };

    @Test
    void verified_listenerThrowsAtOneRun_hearsTheOthers() {
        Announcer toThrower = new Announcer(thrower, executor::add);
        for (int group : new int[] {0, 10, 20}) {
            toThrower.verified(BLOB, new GroupRange(group, group + 1), peer(1));
        }
        unblock();
        assertThat(calls).containsExactly("verified 0", "verified 10", "verified 20");
    }

    @Test
    void listener_throwsAgainAndAgain_isWarnedOfOnce() {
        Announcer toThrower = new Announcer(thrower, executor::add);
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            for (int group = 0; group < 10; group++) {
                toThrower.verified(BLOB, new GroupRange(group, group + 1), peer(1));
                unblock();
            }
        } finally {
            System.setErr(before);
        }
        assertThat(calls).hasSize(10);
        assertThat(log.toString(StandardCharsets.UTF_8)).containsOnlyOnce("IllegalStateException: scripted");
    }

    /** Throws each of these at one task, and takes what comes after them. */
    private Executor throwing(Throwable... refusals) {
        Queue<Throwable> left = new ArrayDeque<>(List.of(refusals));
        return task -> {
            Throwable refusal = left.poll();
            if (refusal != null) {
                throwUnchecked(refusal);
            }
            executor.add(task);
        };
    }

    private static void throwUnchecked(Throwable any) {
        if (any instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) any;
    }

    @Test
    void executor_throwsForAWhile_allIsToldAtTheNextEvent() {
        Announcer told = new Announcer(
                heard,
                throwing(
                        new RejectedExecutionException("full"),
                        new IllegalStateException("scripted"),
                        new OutOfMemoryError("scripted")));
        assertThatCode(() -> {
                    told.started(BLOB, 1);
                    told.joined(BLOB, peer(1));
                    told.verified(BLOB, new GroupRange(0, 1), peer(1));
                })
                .doesNotThrowAnyException();
        unblock();
        assertThat(heard.events).isEmpty();
        told.left(BLOB, peer(1));
        told.finished(BLOB, STATS);
        unblock();
        assertThat(heard.events)
                .containsExactly("started", "joined peer:1", "verified [0, 1) peer:1", "left peer:1", "finished");
    }

    @Test
    void executor_throwsAndRunsTheTaskAllTheSame_oneTaskTells() {
        List<Runnable> taken = new ArrayList<>();
        Announcer told = new Announcer(heard, task -> {
            taken.add(task);
            if (taken.size() == 1) {
                throw new IllegalStateException("scripted");
            }
        });
        told.started(BLOB, 1);
        told.finished(BLOB, STATS);
        taken.get(0).run();
        assertThat(heard.events).as("the task it refused").isEmpty();
        taken.get(1).run();
        assertThat(heard.events).containsExactly("started", "finished");
    }

    /** Writes down what it hears, and who left without having joined. */
    private static final class Heard implements FetchListener {
        final List<String> events = new ArrayList<>();
        final Set<SourceInfo> present = new HashSet<>();
        final List<SourceInfo> unpaired = new ArrayList<>();

        @Override
        public void started(BlobId blob, long plaintextBytes) {
            events.add("started");
        }

        @Override
        public void sourceJoined(BlobId blob, SourceInfo source) {
            events.add("joined " + source.id());
            if (!present.add(source)) {
                unpaired.add(source);
            }
        }

        @Override
        public void sourceLeft(BlobId blob, SourceInfo source) {
            events.add("left " + source.id());
            if (!present.remove(source)) {
                unpaired.add(source);
            }
        }

        @Override
        public void verified(BlobId blob, GroupRange groups, SourceInfo source) {
            events.add("verified [" + groups.first() + ", " + groups.end() + ") " + source.id());
        }

        @Override
        public void rejected(BlobId blob, SourceInfo source, String what) {
            events.add("rejected " + source.id());
        }

        @Override
        public void finished(BlobId blob, FetchStats totals) {
            events.add("finished");
        }
    }
}
