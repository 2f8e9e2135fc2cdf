package io.runnel.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.BlobId;
import io.runnel.source.GroupRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An interrupt closes the file channel that its thread is in: the store opens it again, for whoever uses it. */
class InterruptedStoreTest {
    private static final BlobId ID = TestBytes.id(1);
    private static final GroupRange TEN = new GroupRange(0, 10);
    private static final long SIZE = 10 * TestBytes.GROUP;

    @TempDir
    private Path temp;

    private Path folder;

    @BeforeEach
    void folder() {
        folder = temp.resolve("store");
    }

    @Test
    void use_byInterruptedThreads_worksForThemAndForOthers() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        try (DiskBlobStore store = StoreFolderTest.fill(folder);
                StoredBlob blob = store.open(ID, SIZE)) {
            CompletableFuture<Boolean> other = CompletableFuture.supplyAsync(() -> {
                boolean all = true;
                while (!done.get()) {
                    all &= readsAll(blob);
                }
                return all;
            });
            for (int i = 0; i < 500; i++) {
                Thread.currentThread().interrupt();
                boolean all = readsAll(blob);
                blob.flush();
                assertThat(Thread.interrupted()).as("still interrupted").isTrue();
                assertThat(all).isTrue();
            }
            done.set(true);
            assertThat(other.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void use_interruptedInTheMiddle_worksForAll() throws Exception {
        try (DiskBlobStore store = StoreFolderTest.fill(folder);
                StoredBlob blob = store.open(ID, SIZE)) {
            AtomicBoolean done = new AtomicBoolean();
            CompletableFuture<Boolean> result = new CompletableFuture<>();
            Thread reader = new Thread(
                    () -> {
                        boolean all = true;
                        while (!done.get()) {
                            all &= readsAll(blob);
                        }
                        result.complete(all);
                    },
                    "interrupted");
            reader.start();
            for (int i = 0; i < 5_000; i++) {
                reader.interrupt();
                if (i % 50 == 0) {
                    assertThat(readsAll(blob)).isTrue();
                }
            }
            done.set(true);
            assertThat(result.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static boolean readsAll(StoredBlob blob) {
        try {
            return TestBytes.reads(blob, ID, TEN);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
