package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runnel.fetch.ByteRange;
import io.runnel.fetch.FetchSettings;
import io.runnel.keys.FixedKeys;
import io.runnel.source.TestBlob;
import io.runnel.source.WithheldOrigin;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that does not run for a while, as a process that is stopped and goes on. On the real engine. */
@Timeout(60)
class PausedTest {
    private static final Duration NO_PROGRESS = Duration.ofSeconds(3);

    private final TestBlob blob = TestBlob.random(105, 1 << 20);
    private final WithheldOrigin origin = new WithheldOrigin(blob);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch goesOn = new CountDownLatch(1);

    private void stop() {
        stopped.countDown();
        try {
            goesOn.await();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void read_clientStandsStillForLongerThanAReadMayWait_goesOnWithoutAskingAnew() throws Exception {
        origin.whenAsked(this::stop);
        try (Runnel client = Runnel.builder()
                        .keySource(new FixedKeys(blob))
                        .source(origin)
                        .settings(FetchSettings.defaults().withNoProgressTimeout(NO_PROGRESS))
                        .build();
                Blob opened = client.open(blob.id())) {
            CompletableFuture<ByteBuffer> read = opened.readAsync(new ByteRange(0, 1000));
            stopped.await();
            await().pollDelay(NO_PROGRESS.plusSeconds(2)).until(() -> true);
            goesOn.countDown();
            while (!read.isDone()) {
                if (!origin.deliver()) {
                    Thread.onSpinWait();
                }
            }
            assertThat(read.get()).isEqualTo(ByteBuffer.wrap(blob.plaintext(), 0, 1000));
            assertThat(origin.log()).doesNotHaveDuplicates();
        } finally {
            goesOn.countDown();
        }
    }
}
