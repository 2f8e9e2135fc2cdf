package io.runnel.p2p;

import io.runnel.Blob;
import io.runnel.Runnel;
import io.runnel.channel.ChannelConnector;
import io.runnel.channel.TextChannel;
import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.fetch.ByteRange;
import io.runnel.fetch.FetchListener;
import io.runnel.fetch.FetchSettings;
import io.runnel.keys.FixedKeys;
import io.runnel.source.SourceInfo;
import io.runnel.source.TestBlob;
import io.runnel.store.MemoryBlobStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * One viewer whose peers are in the process that started it; the tracker is there too, at the other end of the standard
 * streams: lines that begin with {@value #TRACKER} are messages. Says {@value #ENOUGH} when it has met as many peers as
 * it should, and ends with {@value #RESULT}, whether the blob was right, how many peers it met, and how many it dropped.
 * Arguments: the seeds of the issuer and of the viewer's key, the collection's secret, how many peers are enough.
 */
final class CrowdMain {
    static final String TRACKER = "tracker ";
    static final String ENOUGH = "enough";
    static final String RESULT = "result ";

    private static final int MOST_PEERS = 64;

    private CrowdMain() {}

    /** What the viewer fetches, and all others hold. */
    static TestBlob blob() {
        return TestBlob.random(81, 4 << 20);
    }

    public static void main(String[] arguments) throws Exception {
        SigningIdentity self = SigningIdentity.fromSeed(secret(arguments[1]));
        LocalSwarm server = new LocalSwarm(SigningIdentity.fromSeed(secret(arguments[0])), secret(arguments[2]));
        WebRtcSwarm swarm = WebRtcSwarm.builder()
                .tracker(LocalTracker.ADDRESS)
                .connector(new Pipe())
                .identity(self)
                .admission(server.admission(self, true))
                .sharing(LocalSwarm.consenting())
                .maxPeers(MOST_PEERS)
                .build();
        fetch(swarm, new Watch(Integer.parseInt(arguments[3])));
        System.exit(0);
    }

    private static SecretBytes secret(String hex) {
        return SecretBytes.adopt(HexFormat.of().parseHex(hex));
    }

    private static void fetch(WebRtcSwarm swarm, Watch watch) throws Exception {
        TestBlob blob = blob();
        try (Runnel runnel = Runnel.builder()
                        .keySource(new FixedKeys(blob))
                        .source(swarm)
                        .store(new MemoryBlobStore(8 << 20))
                        .settings(FetchSettings.defaults().withNoProgressTimeout(Duration.ofMinutes(3)))
                        .listener(watch)
                        .build();
                Blob opened = runnel.open(blob.id())) {
            Future<?> whole = opened.prefetch();
            whole.get(150, TimeUnit.SECONDS);
            boolean right = Arrays.equals(opened.read(new ByteRange(0, opened.size())), blob.plaintext());
            say(RESULT + right + " " + watch.met.size() + " " + watch.dropped.size());
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /** The channel to the tracker. */
    private static final class Pipe implements ChannelConnector {
        @Override
        public CompletableFuture<TextChannel> connect(URI uri, String subprotocol, Listener listener) {
            Thread reader = new Thread(() -> read(listener), "pipe");
            reader.setDaemon(true);
            reader.start();
            return CompletableFuture.completedFuture(new TextChannel() {
                @Override
                public void send(String text) {
                    say(TRACKER + text);
                }

                @Override
                public void close(int code, String reason) {}
            });
        }

        private static void read(Listener listener) {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    listener.message(line);
                }
            } catch (IOException e) {
                // The parent is gone.
            }
            listener.closed(1006, "");
        }
    }

    /** Counts peers by name. */
    private static final class Watch implements FetchListener {
        final Set<String> met = ConcurrentHashMap.newKeySet();
        final Set<String> dropped = ConcurrentHashMap.newKeySet();
        private final int enough;

        Watch(int enough) {
            this.enough = enough;
        }

        @Override
        public void sourceJoined(BlobId id, SourceInfo source) {
            if (met.add(source.id()) && met.size() == enough) {
                say(ENOUGH);
            }
        }

        @Override
        public void rejected(BlobId id, SourceInfo source, String what) {
            dropped.add(source.id());
        }
    }
}
