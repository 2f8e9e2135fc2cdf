package io.runnel.http.testing;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
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
    private final Map<String, Duration> delays = new ConcurrentHashMap<>();
    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
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
                .doOnChannelInit((observer, channel, remote) -> {
                    Line line = new Line();
                    lines.add(line);
                    channel.pipeline().addFirst(line);
                })
                .handle(this::answer);
        server = (requestsPerConnection == 0 ? base : base.maxKeepAliveRequests(requestsPerConnection)).bindNow();
    }

    /** Serves these bytes at this path. */
    public void put(String path, byte[] bytes) {
        files.put(path, bytes);
    }

    /** Serves these bytes at this path, so long after each request; other requests meanwhile get their answers. */
    public void putLate(String path, byte[] bytes, Duration delay) {
        delays.put(path, delay);
        put(path, bytes);
    }

    /** From now on nothing passes on the connections there are, either way, and none of them ends; new ones are good. */
    public void silenceConnections() {
        lines.forEach(line -> line.silent = true);
    }

    /** Whether a silenced connection has swallowed something from the client. */
    public boolean hasSwallowed() {
        return lines.stream().anyMatch(line -> line.swallowed);
    }

    /** How many connections were opened. */
    public int connections() {
        return lines.size();
    }

    /** How many requests have come. */
    public int requests() {
        return requests.get();
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
        requests.incrementAndGet();
        Duration delay = delays.getOrDefault(request.uri(), Duration.ZERO);
        return delay.isZero()
                ? serve(request, response)
                : Mono.delay(delay).thenMany(Mono.defer(() -> Mono.from(serve(request, response))));
    }

    private Publisher<Void> serve(HttpServerRequest request, HttpServerResponse response) {
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

    /** What is between a client and this server: good, or it swallows everything. */
    private static final class Line extends ChannelDuplexHandler {
        private volatile boolean silent;
        private volatile boolean swallowed;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (silent) {
                ReferenceCountUtil.release(message);
                swallowed = true;
            } else {
                ctx.fireChannelRead(message);
            }
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // The promise is the caller's.
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            if (silent) {
                ReferenceCountUtil.release(message);
                promise.trySuccess();
            } else {
                ctx.write(message, promise);
            }
        }
    }
}
