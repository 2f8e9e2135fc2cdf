package io.runnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.runnel.crypto.BlobId;
import io.runnel.fetch.FetchException;
import io.runnel.keys.FixedKeys;
import io.runnel.source.GroupRange;
import io.runnel.source.GroupSet;
import io.runnel.source.ScriptedProvider;
import io.runnel.source.ScriptedSource;
import io.runnel.source.ScriptedSource.Script;
import io.runnel.source.SourceInfo.Kind;
import io.runnel.source.TestBlob;
import io.runnel.store.BlobStore;
import io.runnel.store.MemoryBlobStore;
import io.runnel.store.StoredBlob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
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
        FullStore store = new FullStore();
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
            store.full = false;
            assertThat(in.readAllBytes()).isEqualTo(BLOB.plaintext());
        }
    }

    private static final class FullStore implements BlobStore {
        private final BlobStore inner = new MemoryBlobStore(64 << 20);
        volatile boolean full = true;

        @Override
        public StoredBlob open(BlobId id, long sizeBytes) throws IOException {
            return new FullBlob(inner.open(id, sizeBytes));
        }

        @Override
        public void close() throws IOException {
            inner.close();
        }

        private final class FullBlob implements StoredBlob {
            private final StoredBlob inner;

            FullBlob(StoredBlob inner) {
                this.inner = inner;
            }

            @Override
            public void putGroups(long firstGroup, ByteBuffer bytes) throws IOException {
                if (full) {
                    throw new IOException("No space left on device");
                }
                inner.putGroups(firstGroup, bytes);
            }

            @Override
            public long sizeBytes() {
                return inner.sizeBytes();
            }

            @Override
            public GroupSet held() {
                return inner.held();
            }

            @Override
            public boolean readGroups(GroupRange groups, ByteBuffer target) throws IOException {
                return inner.readGroups(groups, target);
            }

            @Override
            public void putTree(long offset, ByteBuffer nodes) throws IOException {
                inner.putTree(offset, nodes);
            }

            @Override
            public boolean readTree(long offset, ByteBuffer target) throws IOException {
                return inner.readTree(offset, target);
            }

            @Override
            public Pin pin(GroupRange groups) {
                return inner.pin(groups);
            }

            @Override
            public void flush() throws IOException {
                inner.flush();
            }

            @Override
            public void close() throws IOException {
                inner.close();
            }
        }
    }
}
