package io.runnel.devserver;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.X509Bundle;
import io.runnel.devserver.state.StateFolder;
import io.runnel.devserver.tls.DevCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;

/** The TLS port, with HTTP/2 and HTTP/1.1 by ALPN. TLS 1.3 only. */
final class Listener implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 8192;
    private static final int MAX_STREAMS = 256;
    private static final Duration CLOSE_NOTIFY_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration BIND_TIMEOUT = Duration.ofSeconds(10);
    private static final long CLOSE_MILLIS = 500;

    private final DisposableServer server;
    private final ChannelGroup channels;

    private Listener(DisposableServer server, ChannelGroup channels) {
        this.server = server;
        this.channels = channels;
    }

    static Listener open(DevServer.Builder settings, StateFolder folder, EventLoopGroup loops, Routes routes)
            throws IOException {
        X509Bundle certificate = DevCertificates.issue(folder, settings.host);
        GenericSslContextSpec<SslContextBuilder> tls = Http2SslContextSpec.forServer(
                        certificate.getKeyPair().getPrivate(), certificate.getCertificatePath())
                .configure(context -> context.sslProvider(SslProvider.JDK).protocols("TLSv1.3"));
        ChannelGroup channels = new DefaultChannelGroup(loops.next());
        HttpServer http = HttpServer.create()
                .bindAddress(() -> new InetSocketAddress(settings.host, settings.port))
                .runOn(loops)
                .maxConnections(MAX_CONNECTIONS)
                .doOnConnection(connection -> channels.add(connection.channel()))
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .secure(spec -> spec.sslContext(tls).closeNotifyFlushTimeout(CLOSE_NOTIFY_TIMEOUT))
                .protocol(HttpProtocol.H2, HttpProtocol.HTTP11)
                .http2Settings(http2 -> http2.maxConcurrentStreams(MAX_STREAMS))
                .handle(routes);
        try {
            return new Listener(http.bindNow(BIND_TIMEOUT), channels);
        } catch (ChannelBindException e) {
            throw new IOException("cannot listen on port " + settings.port + ": choose another, or 0 for any", e);
        }
    }

    int port() {
        return server.port();
    }

    /** Stops listening, then closes the connections. */
    @Override
    public void close() {
        server.disposeNow(Duration.ofMillis(CLOSE_MILLIS));
        channels.close().awaitUninterruptibly(CLOSE_MILLIS);
    }
}
