package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.fetch.ByteRange;
import io.runnel.fetch.FetchException;
import io.runnel.keys.FixedKeys;
import io.runnel.source.ScriptedProvider;
import io.runnel.source.ScriptedSource;
import io.runnel.source.ScriptedSource.Script;
import io.runnel.source.SourceInfo.Kind;
import io.runnel.source.TestBlob;
import io.runnel.store.HookedStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that is closed at a bad moment: everything under way still ends. */
@Timeout(30)
class ClosingTest {
    private static final TestBlob BLOB = TestBlob.random(48, 300_000);

    /** Nobody reads this one: the origin has another under its name. */
    private static final TestBlob OTHER = TestBlob.random(50, 300_000);

    private final ScriptedProvider origin = new ScriptedProvider(Kind.ORIGIN);
    private final FixedKeys keys = new FixedKeys(BLOB, OTHER);
    private final HookedStore store = new HookedStore();
    private final Runnel client =
            Runnel.builder().keySource(keys).source(origin).store(store).build();

    /** Open at the end of a test at the latest: what keeps a thread busy until then. */
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void release() {
        released.countDown();
        client.close();
    }

    private void block() {
        await(released);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void assertClosed(CompletableFuture<?> future) {
        assertThatThrownBy(future::get)
                .cause()
                .isInstanceOfSatisfying(
                        FetchException.class, e -> assertThat(e.reason()).isEqualTo(FetchException.Reason.CLOSED));
    }

    @Test
    void use_afterClose_saysWhyOnce() throws Exception {
        Blob blob = client.open(BLOB.id());
        blob.close();
        for (CompletableFuture<?> late : List.of(blob.readAsync(new ByteRange(0, 10)), blob.prefetch())) {
            assertClosed(late);
            assertThatThrownBy(late::get).cause().hasMessageContaining("closed").hasNoCause();
        }
        assertThatThrownBy(() -> blob.read(new ByteRange(0, 10))).hasNoCause();
    }

    @Test
    void close_workersAreBusy_failsReadsAndOpeningsThatWaitForOne() throws Exception {
        origin.add("o", BLOB, Script.all(BLOB));
        Blob blob = client.open(BLOB.id());
        blob.read(new ByteRange(0, blob.size()));
        CountDownLatch busy = new CountDownLatch(2);
        store.beforeRead = () -> {
            busy.countDown();
            block();
        };
        List<CompletableFuture<?>> waiting = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            waiting.add(blob.readAsync(new ByteRange(0, 1000)));
        }
        busy.await();
        waiting.add(client.openAsync(BLOB.id()));
        client.close();
        waiting.forEach(ClosingTest::assertClosed);
        assertThat(keys.allWiped()).isTrue();
    }

    @Test
    void close_inWhatIsChainedToAnOpening_endsAllOnTheEnginesOwnThread() throws Exception {
        origin.add("o", BLOB, Script.all(BLOB).muteFrom(5));
        Blob blob = client.open(BLOB.id());
        CompletableFuture<?> reading = blob.readAsync(new ByteRange(0, blob.size()));
        store.beforeOpen = this::block;
        CompletableFuture<Boolean> interrupted = client.openAsync(BLOB.id()).thenApply(again -> {
            client.close();
            return Thread.interrupted();
        });
        released.countDown();
        assertThat(interrupted.get()).isFalse();
        assertClosed(reading);
        assertClosed(client.openAsync(BLOB.id()));
        assertThat(keys.allWiped()).isTrue();
    }

    @Test
    void close_inWhatIsChainedToAPrefetch_endsAllInTheMidstOfAPlan() throws Exception {
        ScriptedSource source = origin.add("o", BLOB, Script.all(BLOB).muteFrom(5));
        Blob blob = client.open(BLOB.id());
        Blob other = client.open(OTHER.id());
        CompletableFuture<?> closing = blob.prefetch().thenRun(client::close);
        source.heal();
        closing.get();
        assertClosed(blob.readAsync(new ByteRange(0, 1)));
        assertClosed(other.readAsync(new ByteRange(0, 1)));
        assertThat(keys.allWiped()).isTrue();
        assertThat(origin.attachedBlobs()).isZero();
    }

    @Test
    void close_inWhatIsChainedToARead_doesNotWaitForItsOwnThread() throws Exception {
        origin.add("o", BLOB, Script.all(BLOB));
        Blob blob = client.open(BLOB.id());
        CountDownLatch chained = new CountDownLatch(1);
        store.beforeRead = () -> await(chained);
        CompletableFuture<Boolean> interrupted = blob.readAsync(new ByteRange(0, 1000))
                .thenApply(read -> {
                    client.close();
                    return Thread.interrupted();
                });
        chained.countDown();
        assertThat(interrupted.get()).isFalse();
        assertClosed(client.openAsync(BLOB.id()));
        assertThat(keys.allWiped()).isTrue();
    }

    @Test
    void close_theLoopIsBusyUntilAfterwards_stillEndsReadsAndWipesKeys() throws Exception {
        origin.add("o", BLOB, Script.all(BLOB).muteFrom(5));
        Blob blob = client.open(BLOB.id());
        CompletableFuture<?> reading = blob.readAsync(new ByteRange(0, blob.size()));
        keepTheLoopBusy(this::blockWhateverInterrupts);
        client.close();
        assertClosed(reading);
        assertClosed(blob.readAsync(new ByteRange(0, 1)));
        assertClosed(client.openAsync(BLOB.id()));
        assertThat(keys.allWiped()).isTrue();
    }

    /** Returns once the engine's loop is in what is chained to an opening. */
    private void keepTheLoopBusy(Runnable with) throws InterruptedException {
        CountDownLatch chained = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(1);
        store.beforeOpen = () -> await(chained);
        CompletableFuture<?> unused = client.openAsync(BLOB.id()).thenRun(() -> {
            busy.countDown();
            with.run();
        });
        chained.countDown();
        busy.await();
    }

    private void blockWhateverInterrupts() {
        while (released.getCount() > 0) {
            block();
            boolean unused = Thread.interrupted();
        }
    }

    @Test
    void close_onAnInterruptedThreadWhileTheLoopIsBusy_stillEndsAll() throws Exception {
        origin.add("o", BLOB, Script.all(BLOB).muteFrom(5));
        Blob blob = client.open(BLOB.id());
        CompletableFuture<?> reading = blob.readAsync(new ByteRange(0, blob.size()));
        keepTheLoopBusy(this::block);
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        Thread closer = new Thread(() -> {
            Thread.currentThread().interrupt();
            client.close();
            flag.complete(Thread.currentThread().isInterrupted());
        });
        closer.start();
        Awaitility.await().until(() -> closer.getState() == Thread.State.TIMED_WAITING || flag.isDone());
        released.countDown();
        assertThat(flag.get()).isTrue();
        assertClosed(reading);
        assertThat(keys.allWiped()).isTrue();
    }
}
