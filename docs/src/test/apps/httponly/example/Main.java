package example;

import io.runnel.Blob;
import io.runnel.Runnel;
import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchSettings;
import io.runnel.http.HttpOrigin;
import io.runnel.http.KeysChannel;
import io.runnel.keys.BlobGrant;
import io.runnel.keys.KeySource;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A client without peers, and no server to talk to: its fetch fails, but each part has run. */
public final class Main {
    public static void main(String[] arguments) throws Exception {
        URI nobody = URI.create("https://localhost:9");
        KeysChannel keys = KeysChannel.builder(nobody, "nobody", () -> "token").build();
        Runnel runnel = Runnel.builder()
                .keySource(new AnyKey())
                .source(HttpOrigin.at(nobody, "blobs").build())
                .settings(FetchSettings.defaults().withNoProgressTimeout(Duration.ofSeconds(6)))
                .build();
        try (Blob blob = runnel.open(BlobId.of(new byte[32]))) {
            blob.inputStream().read();
            throw new AssertionError("nobody could deliver");
        } catch (FetchException expected) {
            System.out.println("fetch failed as it should: " + expected.reason());
        }
        runnel.close();
        keys.close();
        System.out.println("client built and closed");
    }

    private static final class AnyKey implements KeySource {
        @Override
        public CompletableFuture<BlobGrant> grant(BlobId id) {
            return CompletableFuture.completedFuture(new BlobGrant(SecretBytes.random(32), 1 << 20));
        }

        @Override
        public void onRevoked(Runnable action) {
            // Nobody revokes it.
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
