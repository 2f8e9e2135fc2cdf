package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runnel.fetch.FetchSettings;
import io.runnel.keys.FixedKeys;
import io.runnel.source.TestBlob;
import io.runnel.source.WithheldOrigin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What yields to others for longer than a fetch may be without progress. On the real engine. */
@Timeout(60)
class YieldingTest {
    private static final int MIB = 1 << 20;
    private static final Duration NO_PROGRESS = Duration.ofSeconds(2);

    private final TestBlob downloaded = TestBlob.random(103, 26 * MIB);
    private final TestBlob warmed = TestBlob.random(104, 6 * MIB);
    private final WithheldOrigin origin = new WithheldOrigin(downloaded, warmed);

    @TempDir
    private Path temp;

    @Test
    void warm_aDownloadTakesTheOriginForLong_doesNotFail() throws Exception {
        try (Runnel client = Runnel.builder()
                        .keySource(new FixedKeys(downloaded, warmed))
                        .source(origin)
                        .settings(new FetchSettings(
                                16 * MIB, MIB, MIB, Duration.ZERO, Duration.ofSeconds(60), NO_PROGRESS))
                        .build();
                Blob blob = client.open(downloaded.id())) {
            CompletableFuture<?> download = blob.downloadToAsync(temp.resolve("target"), (done, total) -> {});
            await().until(() -> !origin.log().isEmpty());
            CompletableFuture<?> warm = client.warm(warmed.id());
            await().during(NO_PROGRESS.multipliedBy(2))
                    .atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(250))
                    .until(() -> origin.deliver() && !warm.isDone());
            while (!download.isDone() || !warm.isDone()) {
                if (!origin.deliver()) {
                    Thread.onSpinWait();
                }
            }
            download.get();
            warm.get();
            assertThat(temp.resolve("target")).hasBinaryContent(downloaded.plaintext());
        }
    }
}
