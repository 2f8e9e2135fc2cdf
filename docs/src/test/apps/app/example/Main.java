package example;

import io.runnel.Runnel;
import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchSettings;
import io.runnel.http.HttpOrigin;
import io.runnel.http.KeysChannel;
import io.runnel.http.TlsSettings;
import io.runnel.http.TlsWebSocketConnector;
import io.runnel.keys.BlobGrant;
import io.runnel.keys.KeySource;
import io.runnel.p2p.WebRtcSwarm;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A client with every part, and no server to talk to: its fetch fails, but each part has run. */
public final class Main {
    public static void main(String[] arguments) throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        URI nobody = URI.create("https://localhost:9");
        SigningIdentity peer = SigningIdentity.generate();
        TlsWebSocketConnector websockets = new TlsWebSocketConnector(TlsSettings.defaults());
        KeysChannel keys = KeysChannel.builder(nobody, "nobody", () -> "token")
                .connector(websockets)
                .peerKey(peer.publicKey())
                .build();
        Runnel runnel = Runnel.builder()
                .keySource(new AnyKey())
                .source(HttpOrigin.at(nobody, "blobs").build())
                .source(WebRtcSwarm.builder()
                        .tracker(URI.create("wss://localhost:9/cdn/swarm/v1"))
                        .connector(websockets)
                        .identity(peer)
                        .admission(keys)
                        .build())
                .settings(FetchSettings.defaults().withNoProgressTimeout(Duration.ofSeconds(6)))
                .build();
        try (var blob = runnel.open(BlobId.of(new byte[32]))) {
            blob.inputStream().read();
            throw new AssertionError("nobody could deliver");
        } catch (FetchException expected) {
            System.out.println("fetch failed as it should: " + expected.reason());
        }
        List<String> strange = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .filter(thread -> !thread.isDaemon() || !thread.getName().startsWith("runnel-"))
                .map(Thread::getName)
                .toList();
        runnel.close();
        keys.close();
        websockets.close();
        peer.close();
        System.out.println("other threads: " + strange);
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
