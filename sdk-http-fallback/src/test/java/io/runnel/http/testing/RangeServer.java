package io.runnel.http.testing;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.ssl.SslContext;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/** A well-behaved origin over HTTP/2 or HTTP/1.1 with TLS on loopback. */
public final class RangeServer implements AutoCloseable {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Set<String> versions = ConcurrentHashMap.newKeySet();
    private final LoopResources loops = LoopResources.create("test-range", 1, true);
    private final DisposableServer server;

    /** Starts at once on a free port. */
    public RangeServer(boolean http2) {
        this(http2, 0);
    }

    /**
     * Starts at once on a free port.
     *
     * @param requestsPerConnection after which the server ends a connection, with GOAWAY on HTTP/2; 0 for never
     */
    public RangeServer(boolean http2, int requestsPerConnection) {
        List<String> alpn = http2 ? List.of("h2", "http/1.1") : List.of("http/1.1");
        SslContext tls = TestPki.serverContext(TestPki.shared().server(), alpn);
        HttpServer base = HttpServer.create()
                .host("localhost")
                .port(0)
                .runOn(loops, false)
                .protocol(
                        http2
                                ? new HttpProtocol[] {HttpProtocol.H2, HttpProtocol.HTTP11}
                                : new HttpProtocol[] {HttpProtocol.HTTP11})
                .secure(spec -> spec.sslContext(tls))
                .handle(this::answer);
        server = (requestsPerConnection == 0 ? base : base.maxKeepAliveRequests(requestsPerConnection)).bindNow();
    }

    /** Serves these bytes at this path. */
    public void put(String path, byte[] bytes) {
        files.put(path, bytes);
    }

    /** {@code https://localhost:port} */
    public URI uri() {
        return URI.create("https://localhost:" + server.port());
    }

    /** The HTTP versions requests came in. */
    public Set<String> versions() {
        return versions;
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        versions.add(request.version().text());
        byte[] file = files.get(request.uri());
        Matcher range = RANGE.matcher(request.requestHeaders().get(HttpHeaderNames.RANGE, ""));
        if (file == null || !range.matches()) {
            return response.sendNotFound();
        }
        int from = Integer.parseInt(range.group(1));
        int to = Math.min(file.length, Integer.parseInt(range.group(2)) + 1);
        return response.status(HttpResponseStatus.PARTIAL_CONTENT)
                .header(HttpHeaderNames.CONTENT_RANGE, "bytes " + from + "-" + (to - 1) + "/" + file.length)
                .header(HttpHeaderNames.CONTENT_LENGTH, "" + (to - from))
                .sendByteArray(Mono.just(Arrays.copyOfRange(file, from, to)));
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(3));
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(1)).block(Duration.ofSeconds(3));
    }
}
