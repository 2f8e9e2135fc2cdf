package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.runnel.fetch.FetchException;
import io.runnel.keys.FixedKeys;
import io.runnel.source.ScriptedProvider;
import io.runnel.source.ScriptedSource;
import io.runnel.source.ScriptedSource.Script;
import io.runnel.source.SourceInfo.Kind;
import io.runnel.source.TestBlob;
import io.runnel.store.HookedStore;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An app's store that takes nothing for a while. On the real engine. */
@Timeout(30)
class StoreFailureTest {
    private static final TestBlob BLOB = TestBlob.random(45, 20 << 20);

    @Test
    void stream_storeTakesNothing_nothingIsFetchedUntilTheReaderWantsItAnew() throws IOException {
        ScriptedProvider origin = new ScriptedProvider(Kind.ORIGIN);
        ScriptedSource source = origin.add("o", BLOB, Script.all(BLOB));
        HookedStore store = new HookedStore();
        store.beforePut = () -> {
            throw new IOException("No space left on device");
        };
        try (Runnel client = Runnel.builder()
                        .keySource(new FixedKeys(BLOB))
                        .source(origin)
                        .store(store)
                        .build();
                Blob blob = client.open(BLOB.id());
                InputStream in = blob.inputStream()) {
            assertThatThrownBy(in::read)
                    .isInstanceOfSatisfying(
                            FetchException.class,
                            e -> assertThat(e.reason()).isEqualTo(FetchException.Reason.STORE_FAILED));
            await().until(() -> source.underWay() == 0);
            long asked = source.asked();
            await().during(Duration.ofMillis(500)).until(() -> source.asked() == asked);
            store.beforePut = () -> {};
            assertThat(in.readAllBytes()).isEqualTo(BLOB.plaintext());
        }
    }
}
