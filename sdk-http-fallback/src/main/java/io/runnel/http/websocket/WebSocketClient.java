package io.runnel.http.websocket;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.runnel.channel.ChannelConnector.Listener;
import io.runnel.channel.TextChannel;
import io.runnel.http.dns.HostLookup;
import io.runnel.http.threads.DaemonThreads;
import io.runnel.http.tls.ClientTls;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Opens websockets, all on one event loop. Safe for use on any thread. */
public final class WebSocketClient implements AutoCloseable {
    private static final int MAX_UPGRADE_ANSWER_BYTES = 1 << 14;

    private final SslContext tls;
    private final WebSocketTimeouts timeouts;
    private final EventLoopGroup loop;
    private final HostLookup names = new HostLookup();
    private final Set<WebSocketSession> sessions = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** A client with a thread of its own, which starts with the first connection. */
    public WebSocketClient(ClientTls tls, WebSocketTimeouts timeouts) {
        this.tls = tls.context(List.of());
        this.timeouts = timeouts;
        this.loop = new MultiThreadIoEventLoopGroup(1, DaemonThreads.named("websocket"), NioIoHandler.newFactory());
    }

    /** As {@link io.runnel.channel.ChannelConnector#connect}. */
    public CompletableFuture<TextChannel> connect(URI uri, String subprotocol, Listener listener) {
        requireSecure(uri);
        int port = uri.getPort() < 0 ? 443 : uri.getPort();
        WebSocketSession session = new WebSocketSession(uri.getHost(), listener);
        sessions.add(session);
        if (!closed) {
            ChannelFuture connecting =
                    bootstrap(uri, port, subprotocol, session).connect(uri.getHost(), port);
            connecting.channel().closeFuture().addListener(done -> sessions.remove(session));
            connecting.addListener(done -> {
                if (!done.isSuccess()) {
                    session.failed(done.cause());
                }
            });
        }
        if (closed) {
            // A loop that has ended tells nobody: neither of the listeners above may ever be called.
            sessions.remove(session);
            session.failed(new IOException("the connector is closed"));
        }
        return session.opened();
    }

    private static void requireSecure(URI uri) {
        if (!"wss".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || uri.getUserInfo() != null) {
            throw new IllegalArgumentException("uri: must be wss://host[:port]/path");
        }
    }

    private Bootstrap bootstrap(URI uri, int port, String subprotocol, WebSocketSession session) {
        return new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .resolver(names)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeouts.connectMillis())
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        fill(channel, uri, port, subprotocol, session);
                    }
                });
    }

    private void fill(Channel channel, URI uri, int port, String subprotocol, WebSocketSession session) {
        SslHandler ssl = tls.newHandler(channel.alloc(), uri.getHost(), port);
        ssl.setHandshakeTimeoutMillis(timeouts.handshakeMillis());
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(ssl);
        fillAboveTls(pipeline, uri, subprotocol, timeouts, session);
    }

    /** All but TLS: from the bytes of the upgrade to the session. */
    static void fillAboveTls(
            ChannelPipeline pipeline,
            URI uri,
            String subprotocol,
            WebSocketTimeouts timeouts,
            WebSocketSession session) {
        pipeline.addLast(new IdleStateHandler(timeouts.pingMillis(), 0, 0, TimeUnit.MILLISECONDS));
        pipeline.addLast(new HttpClientCodec());
        pipeline.addLast(new HttpObjectAggregator(MAX_UPGRADE_ANSWER_BYTES));
        pipeline.addLast(new WebSocketClientProtocolHandler(timeouts.handshake(uri, subprotocol)));
        pipeline.addLast(new WebSocketFrameAggregator(TextChannel.MAX_MESSAGE_BYTES));
        pipeline.addLast(session);
    }

    /** Ends every channel and the thread, within 2 s. Idempotent. */
    @Override
    public void close() {
        closed = true;
        names.close();
        sessions.forEach(WebSocketSession::abandon);
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS)
                .awaitUninterruptibly(Duration.ofSeconds(2).toMillis());
    }
}
