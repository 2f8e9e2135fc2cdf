package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.fetch.ByteRange;
import io.runnel.fetch.FetchException;
import io.runnel.keys.FixedKeys;
import io.runnel.source.ScriptedProvider;
import io.runnel.source.ScriptedSource.Script;
import io.runnel.source.SourceInfo.Kind;
import io.runnel.source.TestBlob;
import io.runnel.store.HookedStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that is closed at a bad moment: everything under way still ends. */
@Timeout(30)
class ClosingTest {
    private static final TestBlob BLOB = TestBlob.random(48, 300_000);

    private final ScriptedProvider origin = new ScriptedProvider(Kind.ORIGIN);
    private final FixedKeys keys = new FixedKeys(BLOB);
    private final HookedStore store = new HookedStore();
    private final Runnel client =
            Runnel.builder().keySource(keys).source(origin).store(store).build();

    /** Opened at the end of a test: until then who {@linkplain #block blocks} blocks. */
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void release() {
        released.countDown();
        client.close();
    }

    private void block() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void assertClosed(CompletableFuture<?> future) {
        assertThatThrownBy(future::join)
                .cause()
                .isInstanceOfSatisfying(
                        FetchException.class, e -> assertThat(e.reason()).isEqualTo(FetchException.Reason.CLOSED));
    }

    @Test
    void close_workersAreBusy_failsReadsAndOpeningsThatWaitForOne() throws IOException {
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
        awaitCount(busy);
        waiting.add(client.openAsync(BLOB.id()));
        client.close();
        waiting.forEach(ClosingTest::assertClosed);
        assertThat(keys.allWiped()).isTrue();
    }

    private static void awaitCount(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
