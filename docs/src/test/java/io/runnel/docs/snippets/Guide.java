package io.runnel.docs.snippets;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.runnel.Blob;
import io.runnel.Runnel;
import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.fetch.ByteRange;
import io.runnel.fetch.ClientStats;
import io.runnel.fetch.FetchException;
import io.runnel.fetch.FetchListener;
import io.runnel.fetch.FetchSettings;
import io.runnel.fetch.FetchStats;
import io.runnel.fetch.OriginUse;
import io.runnel.fetch.Playback;
import io.runnel.fetch.PlaybackHint;
import io.runnel.http.HttpOrigin;
import io.runnel.http.TlsSettings;
import io.runnel.keys.BlobGrant;
import io.runnel.keys.KeySource;
import io.runnel.metrics.RunnelMetrics;
import io.runnel.p2p.IceServer;
import io.runnel.p2p.WebRtcSwarm;
import io.runnel.sharing.NetworkConditions;
import io.runnel.sharing.SharingControl;
import io.runnel.sharing.SharingMode;
import io.runnel.sharing.UploadLedger;
import io.runnel.sharing.UploadPolicy;
import io.runnel.source.SourceInfo;
import io.runnel.store.DiskBlobStore;
import io.runnel.store.DiskStoreSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** The code of the integration guide. */
final class Guide {
    private Guide() {}

    // snippet: origin
    static HttpOrigin origin(Supplier<String> token) {
        return HttpOrigin.at(URI.create("https://cdn.example.com/media"), "films")
                .headers(uri -> Map.of("Authorization", "Bearer " + token.get()))
                .connections(8)
                .build();
    }

    static HttpOrigin signedOrigin(Function<BlobId, URI> sign) {
        return HttpOrigin.at("films", sign).build();
    }
    // end

    // snippet: trust
    static TlsSettings companyAuthority(Path pem) throws IOException {
        return TlsSettings.builder()
                .trustPem(pem)
                .pin("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
                .build();
    }
    // end

    // snippet: ice
    static WebRtcSwarm.Builder throughNats(WebRtcSwarm.Builder swarm, String user, String password) {
        return swarm.iceServers(List.of(
                        IceServer.stun("stun:turn.example.com:3478"),
                        new IceServer(List.of("turns:turn.example.com:5349"), user, password)))
                .maxPeers(8);
    }
    // end

    // snippet: sharing
    static final class Sharing {
        private final UploadLedger ledger;
        private final SharingControl control;

        Sharing(Path folder, NetworkConditions network) throws IOException {
            ledger = UploadLedger.open(folder.resolve("uploads"));
            control = SharingControl.builder().network(network).ledger(ledger).build();
        }

        WebRtcSwarm.Builder with(WebRtcSwarm.Builder swarm) {
            return swarm.sharing(control);
        }

        /** The viewer agreed: at most 4 Mbit/s, 20 GB a month, and not while the network is metered. */
        void agreed() {
            control.policy(UploadPolicy.builder()
                    .consented(true)
                    .bytesPerSecond(500_000)
                    .bytesPerMonth(20_000_000_000L)
                    .build());
        }

        void withdrawn() {
            control.policy(UploadPolicy.builder().build());
        }

        void peersOff() {
            control.mode(SharingMode.OFF);
        }
    }
    // end

    // snippet: own_keys
    static final class FixedKey implements KeySource {
        private final SecretBytes key;
        private final long blobBytes;

        FixedKey(SecretBytes key, long blobBytes) {
            this.key = key;
            this.blobBytes = blobBytes;
        }

        @Override
        public CompletableFuture<BlobGrant> grant(BlobId id) {
            return CompletableFuture.completedFuture(new BlobGrant(key.copy(), blobBytes));
        }

        @Override
        public void onRevoked(Runnable action) {
            // Nobody revokes a fixed key.
        }

        @Override
        public void close() {
            key.close();
        }
    }
    // end

    // snippet: disk
    static Runnel.Builder onDisk(Path folder) throws IOException {
        DiskStoreSettings settings = DiskStoreSettings.defaults().withMaxBytes(20L << 30);
        return Runnel.builder().store(DiskBlobStore.open(folder, settings));
    }
    // end

    // snippet: read
    static void read(Blob blob, OutputStream player) throws IOException {
        byte[] head = blob.read(new ByteRange(0, Math.min(4096, blob.size())));
        CompletableFuture<ByteBuffer> tail = blob.readAsync(new ByteRange(blob.size() - 1, 1));
        try (InputStream stream = blob.inputStream(head.length)) {
            stream.transferTo(player);
        }
        tail.join();
    }
    // end

    // snippet: seek
    static long footer(Blob film) throws IOException {
        try (SeekableByteChannel channel = film.channel()) {
            ByteBuffer footer = ByteBuffer.allocate(8);
            channel.position(film.size() - 8);
            while (footer.hasRemaining() && channel.read(footer) >= 0) {
                // Each read gives what is there, at least a byte.
            }
            return footer.flip().getLong();
        }
    }
    // end

    // snippet: publish
    static void send(Blob blob, ByteRange range, HttpRequest.Builder upload) {
        upload.POST(BodyPublishers.fromPublisher(blob.publisher(range), range.length()));
    }
    // end

    // snippet: playback
    static final class Film {
        private final Playback playback = new Playback();

        InputStream from(Blob blob, long offset) {
            return blob.inputStream(new ByteRange(offset, blob.size() - offset), playback);
        }

        /** Called by the player about once a second. */
        void playing(long bytesPerSecond, Duration buffered) {
            playback.report(new PlaybackHint(bytesPerSecond, buffered));
        }
    }
    // end

    // snippet: warm
    static CompletableFuture<?> next(Runnel runnel, BlobId nextEpisode) {
        return runnel.warm(nextEpisode);
    }
    // end

    // snippet: stats
    static String dashboard(Runnel runnel) {
        ClientStats stats = runnel.stats();
        return "%.0f %% from peers, %d stalls, %d groups of the origin because no peer had them"
                .formatted(
                        100 * stats.offload(),
                        stats.stalls().count(),
                        stats.originUse().getOrDefault(OriginUse.NO_PEER_HOLDS, 0L));
    }
    // end

    // snippet: micrometer
    static RunnelMetrics measure(Runnel runnel, MeterRegistry registry) {
        RunnelMetrics metrics = new RunnelMetrics(runnel, Tags.of("app", "player"));
        metrics.bindTo(registry);
        return metrics;
    }
    // end

    // snippet: download
    static CompletableFuture<?> download(Blob blob, Path target) {
        return blob.downloadToAsync(target, (done, total) -> showProgress(100.0 * done / total));
    }
    // end

    // snippet: seed
    static void seed(Runnel runnel, BlobId id) throws IOException {
        Blob blob = runnel.open(id);
        blob.seeding(true);
        blob.prefetch().join();
        // All of it is proven, and stored as far as the store has room for it. Peers are served until blob is closed.
    }
    // end

    // snippet: events
    static final class Display implements FetchListener {
        @Override
        public void sourceJoined(BlobId blob, SourceInfo source) {
            show(source.id() + " joined");
        }

        @Override
        public void rejected(BlobId blob, SourceInfo source, String what) {
            show(source.id() + " " + what);
        }

        @Override
        public void finished(BlobId blob, FetchStats stats) {
            show("%.0f %% came from peers".formatted(100 * stats.offload()));
        }
    }
    // end

    // snippet: errors
    static String advice(FetchException failure) {
        return switch (failure.reason()) {
            case KEY_REVOKED -> "You were signed out.";
            case KEY_UNAVAILABLE, ORIGIN_DENIED -> "Please sign in again.";
            case NOT_FOUND -> "This film is gone.";
            case ORIGIN_FAILED, TIMED_OUT -> "Check your connection and try again.";
            case STORE_FAILED -> "Your disk is full or failing.";
            case INTEGRITY -> "This film is damaged; we have been told.";
            case CLOSED -> "";
        };
    }
    // end

    // snippet: settings
    static FetchSettings cautious() {
        return FetchSettings.defaults()
                .withPeerWait(Duration.ofMillis(500))
                .withNoProgressTimeout(Duration.ofSeconds(10));
    }
    // end

    private static void showProgress(double percent) {
        show(percent + " %");
    }

    private static void show(String text) {
        assert !text.isEmpty();
    }
}
