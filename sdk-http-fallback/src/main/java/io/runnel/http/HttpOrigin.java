package io.runnel.http;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.hash.Blake3;
import io.runnel.http.origin.OriginProvider;
import io.runnel.http.origin.OriginSettings;
import io.runnel.http.origin.Redirects;
import io.runnel.http.retry.FullJitter;
import io.runnel.source.SharedBlob;
import io.runnel.source.SourceInfo;
import io.runnel.source.SourceProvider;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An HTTPS server or CDN as a source of blobs, read with range requests. It joins each blob at once and holds every group.
 * Several ranges of 1 MiB are in flight together; passing failures are tried again, with full jitter and as
 * {@code Retry-After} asks; redirects are followed, up to five, to https only, and without the app's headers once they
 * leave the origin. HTTP/2 is spoken where the server offers it.
 *
 * <p>Memory: at most {@code connections} MiB, whatever the number of transfers. Threads: {@code runnel-http-1} and
 * {@code -2}. Safe for use on any thread.
 */
public final class HttpOrigin implements SourceProvider {
    private static final String BASE = "https://host[:port][/path]";

    /** Of the longest host names a name shows the beginning: an id of a source has at most 128 characters. */
    private static final int MAX_SHOWN_HOST = 100;

    private final OriginProvider provider;

    private HttpOrigin(OriginProvider provider) {
        this.provider = provider;
    }

    /**
     * An origin that keeps blobs at {@code {base}/{bucket}/{blob id}} and outboards beside them. Events and messages name
     * it by its host and a short hash of base and bucket, which tells it from others on that host.
     *
     * @param base {@code https://host[:port][/path]}
     * @param bucket one or more path segments
     * @throws IllegalArgumentException if the base is something else, or the bucket is not that
     */
    public static Builder at(URI base, String bucket) {
        Objects.requireNonNull(base, "base");
        if (!Objects.requireNonNull(bucket, "bucket")
                .matches("[A-Za-z0-9_~-][A-Za-z0-9._~-]*(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*")) {
            throw new IllegalArgumentException(
                    "bucket: \"" + bucket + "\", must be path segments of [A-Za-z0-9._~-], none starting with a dot");
        }
        String prefix = base.toString().replaceAll("/+$", "") + "/" + bucket + "/";
        Builder builder = new Builder(nameOf(base, prefix), id -> URI.create(prefix + id));
        builder.base = base;
        return builder;
    }

    /**
     * An origin whose addresses the app makes, for example signed ones.
     *
     * @param name names the origin in events and messages: no address, at most 120 characters. Another than that of any
     *     other origin of the client: two of one name count as one party, and what one does wrong both are left alone for
     * @param blobUri gives a blob's address; asked at each fetch, from an I/O thread, so it must return at once
     */
    public static Builder at(String name, Function<BlobId, URI> blobUri) {
        return new Builder(name, blobUri);
    }

    /** Of the address it shows no more than the host's name: a path may be secret. */
    private static String nameOf(URI base, String prefix) {
        String host = base.getHost();
        if (host == null
                || base.getRawQuery() != null
                || base.getRawUserInfo() != null
                || base.getRawFragment() != null) {
            throw Addresses.refused("base", base, BASE);
        }
        boolean address = host.startsWith("[") || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
        String shown = address ? "address" : host.substring(0, Math.min(host.length(), MAX_SHOWN_HOST));
        String port = base.getPort() < 0 ? "" : ":" + base.getPort();
        byte[] hash = Blake3.hash(prefix.getBytes(StandardCharsets.UTF_8));
        return shown + port + "#" + HexFormat.of().formatHex(hash, 0, 4);
    }

    @Override
    public SourceInfo.Kind kind() {
        return provider.kind();
    }

    @Override
    public SharedBlob.Subscription attach(SharedBlob blob, Listener listener) {
        return provider.attach(blob, listener);
    }

    @Override
    public void ban(SourceInfo source) {
        provider.ban(source);
    }

    @Override
    public void close() {
        provider.close();
    }

    /** Collects the settings; not safe for use by several threads at once. */
    public static final class Builder {
        private final String name;
        private final Function<BlobId, URI> blobUri;
        private Function<BlobId, URI> outboardUri;
        private @Nullable URI base;
        private HeaderSupplier headers = uri -> Map.of();
        private TlsSettings tls = TlsSettings.defaults();
        private int connections = 6;
        private boolean http2 = true;
        private boolean loopbackHttp;
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration responseTimeout = Duration.ofSeconds(15);
        private Duration idleTimeout = Duration.ofSeconds(45);
        private int attempts = 4;
        private FullJitter backOff = new FullJitter(Duration.ofMillis(200), Duration.ofSeconds(5));
        private Duration longestRetryAfter = Duration.ofSeconds(5);

        private Builder(String name, Function<BlobId, URI> blobUri) {
            this.name = Objects.requireNonNull(name, "name");
            this.blobUri = Objects.requireNonNull(blobUri, "blobUri");
            this.outboardUri = id -> OriginPaths.besideBlob(blobUri.apply(id));
        }

        /** Whom to trust; the JDK's authorities by default. */
        public Builder tls(TlsSettings settings) {
            tls = Objects.requireNonNull(settings, "settings");
            return this;
        }

        /** Where outboards are; by default at the blob's path plus {@code .obao4}, with the same query. */
        public Builder outboardUri(Function<BlobId, URI> uri) {
            outboardUri = Objects.requireNonNull(uri, "uri");
            return this;
        }

        /** Headers for each request; none by default. */
        public Builder headers(HeaderSupplier supplier) {
            headers = Objects.requireNonNull(supplier, "supplier");
            return this;
        }

        /**
         * Ranges in flight and connections to one host.
         *
         * @param count 1 to 64; 6 by default
         */
        public Builder connections(int count) {
            if (count < 1 || count > 64) {
                throw new IllegalArgumentException("connections: " + count + ", must be 1 to 64");
            }
            connections = count;
            return this;
        }

        /**
         * Speaks HTTP/1.1 only, even where HTTP/2 is offered: on fast networks several connections carry more than the
         * one that HTTP/2 shares.
         */
        public Builder http1Only() {
            http2 = false;
            return this;
        }

        /**
         * How long to wait.
         *
         * @param connect for a connection, and again for TLS; 10 s by default
         * @param response for an answer and each next piece of it, and four times as long for all of a range of 1 MiB,
         *     after which it is asked for anew from where it came to; 15 s by default
         * @param idle before an unused connection is closed; 45 s by default
         */
        public Builder timeouts(Duration connect, Duration response, Duration idle) {
            connectTimeout = Waits.positive("connect", connect);
            responseTimeout = Waits.positive("response", response);
            idleTimeout = Waits.positive("idle", idle);
            return this;
        }

        /**
         * How passing failures are tried again.
         *
         * @param attempts in a row without progress, 1 to 20; 4 by default
         * @param base ceiling of the first wait; 200 ms by default
         * @param cap highest ceiling of a wait, at least {@code base} and at most an hour; 5 s by default
         * @param longestRetryAfter the longest {@code Retry-After} waited out; a server that asks for more is reported
         *     as busy at once, with what it asked for; 5 s by default
         */
        public Builder retry(int attempts, Duration base, Duration cap, Duration longestRetryAfter) {
            if (attempts < 1 || attempts > 20) {
                throw new IllegalArgumentException("attempts: " + attempts + ", must be 1 to 20");
            }
            this.attempts = attempts;
            this.backOff = new FullJitter(Waits.positive("base", base), Waits.positive("cap", cap));
            this.longestRetryAfter = Waits.zeroOrMore("longestRetryAfter", longestRetryAfter);
            return this;
        }

        /** Allows plain http to localhost, 127.0.0.1 and [::1]. For tests only. */
        public Builder allowHttpOnLoopback() {
            loopbackHttp = true;
            return this;
        }

        /**
         * The origin, which opens no connection before it is asked for something.
         *
         * @throws IllegalArgumentException if the base is not https, or its port is not 1 to 65535
         */
        public HttpOrigin build() {
            URI root = base;
            if (root != null && !Redirects.isAllowed(root, loopbackHttp)) {
                throw Addresses.refused("base", root, BASE);
            }
            OriginSettings settings = new OriginSettings(
                    tls.clientTls(),
                    connections,
                    http2,
                    loopbackHttp,
                    new OriginSettings.Timeouts(connectTimeout, responseTimeout, idleTimeout),
                    new OriginSettings.Retry(attempts, backOff, longestRetryAfter));
            return new HttpOrigin(
                    new OriginProvider(settings, new OriginPaths("origin:" + name, blobUri, outboardUri, headers)));
        }
    }
}
