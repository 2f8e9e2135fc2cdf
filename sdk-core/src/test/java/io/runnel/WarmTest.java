package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runnel.fetch.ByteRange;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchException.Reason;
import io.runnel.fetch.FetchSettings;
import io.runnel.keys.FixedKeys;
import io.runnel.source.ScriptedProvider;
import io.runnel.source.ScriptedSource;
import io.runnel.source.ScriptedSource.Script;
import io.runnel.source.SourceException;
import io.runnel.source.SourceInfo.Kind;
import io.runnel.source.TestBlob;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A blob is fetched into the store before anybody opens it. */
@Timeout(30)
class WarmTest {
    private static final int SIZE = (20 << 20) + 99;
    private static final TestBlob BLOB = TestBlob.random(47, SIZE);

    private final ScriptedProvider origin = new ScriptedProvider(Kind.ORIGIN);
    private final FixedKeys keys = new FixedKeys(BLOB);
    private final Runnel runnel = Runnel.builder()
            .keySource(keys)
            .source(origin)
            .settings(FetchSettings.defaults().withStallTimeout(Duration.ofSeconds(20)))
            .build();

    @AfterEach
    void close() {
        runnel.close();
        assertThat(keys.allWiped()).isTrue();
    }

    @Test
    void warm_blob_isInTheStoreAndClosed() throws IOException {
        ScriptedSource source = origin.add("o", BLOB, Script.all(BLOB));
        runnel.warm(BLOB.id()).join();
        Awaitility.await().until(() -> origin.attachedBlobs() == 0);
        assertThat(keys.allWiped()).isTrue();
        long asked = source.asked();
        try (Blob blob = runnel.open(BLOB.id())) {
            assertThat(blob.read(new ByteRange(0, SIZE))).isEqualTo(BLOB.plaintext());
        }
        assertThat(source.asked()).isEqualTo(asked);
    }

    @Test
    void warm_cancelled_stopsAndCloses() {
        ScriptedSource source = origin.add("o", BLOB, Script.all(BLOB).muteFrom(64));
        CompletableFuture<?> warming = runnel.warm(BLOB.id());
        Awaitility.await().until(() -> source.underWay() > 0);
        assertThat(warming.cancel(false)).isTrue();
        Awaitility.await().until(() -> source.underWay() == 0 && origin.attachedBlobs() == 0);
    }

    @Test
    void warm_failures_haveTheirReasons() {
        origin.add("o", BLOB, Script.all(BLOB).failsAfter(0, SourceException.Reason.NOT_FOUND));
        assertThatThrownBy(runnel.warm(BLOB.id())::join)
                .cause()
                .isInstanceOfSatisfying(
                        FetchException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_FOUND));
        Awaitility.await().until(() -> origin.attachedBlobs() == 0);
        assertThatThrownBy(runnel.warm(TestBlob.random(99, 9).id())::join)
                .cause()
                .isInstanceOf(FetchException.class);
    }
}
