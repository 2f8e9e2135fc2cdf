package io.runnel.http.origin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.ScheduledFuture;
import io.runnel.http.dns.HostLookup;
import io.runnel.source.SourceException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;

/** Makes single attempts at range requests: one connection pool, redirects followed, answers checked. */
final class HttpCalls implements AutoCloseable {
    /** Large enough for 1 MiB in flight at 50 ms and 20 MB/s, small enough that a slow reader pins little. */
    private static final int STREAM_WINDOW_BYTES = 3 << 19;

    private static final int MAX_REDIRECT_BODY_BYTES = 1 << 16;

    private final OriginSettings settings;
    private final HostLookup names = new HostLookup();
    private final ConnectionProvider pool;
    private final HttpClient client;

    HttpCalls(OriginSettings settings, EventLoopGroup loops) {
        this.settings = settings;
        this.pool = ConnectionProvider.builder("runnel")
                .maxConnections(settings.connections())
                .pendingAcquireMaxCount(-1)
                .pendingAcquireTimeout(settings.timeouts().connect().multipliedBy(2))
                .pendingAcquireTimer((task, delay) -> timer(loops.next(), task, delay))
                .maxIdleTime(settings.timeouts().idle())
                .lifo()
                .build();
        this.client = client(loops);
    }

    private static Disposable timer(EventLoop loop, Runnable task, Duration delay) {
        ScheduledFuture<?> scheduled = loop.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        return () -> scheduled.cancel(false);
    }

    private HttpClient client(EventLoopGroup loops) {
        List<String> alpn = settings.http2() ? List.of("h2", "http/1.1") : List.of("http/1.1");
        HttpProtocol[] protocols = settings.http2()
                ? new HttpProtocol[] {HttpProtocol.H2, HttpProtocol.HTTP11}
                : new HttpProtocol[] {HttpProtocol.HTTP11};
        OriginSettings.Timeouts timeouts = settings.timeouts();
        // The resolver first: without one, runOn makes another and keeps it, and the loops with it, in a static map.
        return HttpClient.create(pool)
                .resolver(names)
                .runOn(loops)
                .protocol(protocols)
                .secure(spec -> spec.sslContext(settings.tls().context(alpn)).handshakeTimeout(timeouts.connect()))
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(timeouts.connect().toMillis()))
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .responseTimeout(timeouts.response())
                .http2Settings(http2 -> http2.initialWindowSize(STREAM_WINDOW_BYTES))
                .followRedirect(false)
                .doOnRequest((request, connection) -> {
                    connection.addHandlerFirst(new InterimAnswers());
                    LineCheck.of(connection.channel());
                });
    }

    /**
     * Asks once for the bytes from the reader's position to {@code to}.
     *
     * @param ended called once, unless the attempt is disposed of first: with null where the whole range came
     * @return ends the attempt
     */
    Disposable attempt(OriginFile file, long to, BodyReader reader, AttemptEnd ended) {
        long from = reader.position();
        ResponseCheck check = new ResponseCheck(file.origin(), from, to, file.total());
        Hop first = new Hop(file, file.uri(), true, Redirects.MAX, "bytes=" + from + "-" + (to - 1));
        return run(first, check, reader)
                .then(Mono.fromRunnable(() -> requireComplete(file, reader, to)))
                .subscribe(
                        ignored -> {},
                        failure -> {
                            reader.salvage();
                            ended.ended(AttemptFailures.of(file.origin(), failure));
                        },
                        () -> ended.ended(null));
    }

    private static void requireComplete(OriginFile file, BodyReader reader, long to) {
        if (reader.position() != to) {
            throw AttemptException.passing(Reason.PROTOCOL, file.origin() + " sent less than it announced");
        }
    }

    private Mono<Void> run(Hop hop, ResponseCheck check, BodyReader reader) {
        return Mono.defer(() -> client.headers(headers -> fill(headers, hop))
                        .get()
                        .uri(hop.uri())
                        .response((answer, body) -> {
                            try {
                                return read(hop, answer, body, check, reader);
                            } catch (AttemptException e) {
                                // Thrown from here, it would leave the connection leased with its body unread.
                                return Mono.error(e);
                            }
                        })
                        .singleOrEmpty())
                .flatMap(next -> run(next, check, reader));
    }

    private static void fill(HttpHeaders headers, Hop hop) {
        if (hop.withAppHeaders()) {
            AppHeaders.add(hop.file(), hop.uri(), headers);
        }
        headers.set(HttpHeaderNames.USER_AGENT, "runnel");
        headers.set(HttpHeaderNames.ACCEPT_ENCODING, HttpHeaderValues.IDENTITY);
        headers.set(HttpHeaderNames.RANGE, hop.range());
    }

    /** The next hop where the answer is a redirect; nothing where the body was read. */
    private Publisher<Hop> read(
            Hop hop, HttpClientResponse answer, ByteBufFlux body, ResponseCheck check, BodyReader reader) {
        int status = answer.status().code();
        HttpHeaders headers = answer.responseHeaders();
        if (Redirects.isRedirect(status)) {
            Hop next = hop.follow(headers.get(HttpHeaderNames.LOCATION), settings.loopbackHttp());
            return discard(body).thenReturn(next);
        }
        check.accept(status, headers, Instant.now());
        if (!hop.file().sameAs(headers.get(HttpHeaderNames.ETAG))) {
            throw AttemptException.lasting(Reason.PROTOCOL, hop.file().origin() + " changed the file meanwhile");
        }
        return body.doOnNext(reader::take).then(Mono.empty());
    }

    /** Reads a redirect's body away so that the connection can be used again, if it is not long. */
    private static Mono<ByteBuf> discard(ByteBufFlux body) {
        int[] seen = new int[1];
        return body.doOnNext(bytes -> {
                    seen[0] += bytes.readableBytes();
                    if (seen[0] > MAX_REDIRECT_BODY_BYTES) {
                        throw AttemptException.lasting(Reason.PROTOCOL, "a redirect with a body without end");
                    }
                })
                .then(Mono.empty());
    }

    @Override
    public void close() {
        pool.dispose();
        names.close();
    }

    /** Hears how an attempt ended. */
    @FunctionalInterface
    interface AttemptEnd {
        void ended(@Nullable AttemptException failure);
    }
}
