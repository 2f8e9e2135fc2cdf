package io.runnel.http.websocket;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.Future;
import io.runnel.channel.ChannelConnector.Listener;
import io.runnel.channel.TextChannel;
import io.runnel.http.dns.HostLookup;
import io.runnel.http.threads.DaemonThreads;
import io.runnel.http.tls.ClientTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Opens websockets, all on one event loop. Safe for use on any thread. */
public final class WebSocketClient implements AutoCloseable {
    private static final int MAX_UPGRADE_ANSWER_BYTES = 1 << 14;
    private static final int NORMAL = 1000;
    private static final int MAX_PORT = 65_535;
    private static final String CLOSED = "the connector is closed";

    private final SslContext tls;
    private final WebSocketTimeouts timeouts;
    private final EventLoopGroup loop;
    private final HostLookup names;
    private final Set<WebSocketSession> sessions = ConcurrentHashMap.newKeySet();
    private final Set<Opening> openings = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** A client with a thread of its own, which starts with the first connection. */
    public WebSocketClient(ClientTls tls, WebSocketTimeouts timeouts) {
        this(tls, timeouts, new HostLookup());
    }

    /** The same; the lookup is closed with the client. */
    public WebSocketClient(ClientTls tls, WebSocketTimeouts timeouts, HostLookup names) {
        this.names = names;
        this.tls = tls.context(List.of());
        this.timeouts = timeouts;
        this.loop = new MultiThreadIoEventLoopGroup(1, DaemonThreads.named("websocket"), NioIoHandler.newFactory());
    }

    /** As {@link io.runnel.channel.ChannelConnector#connect}. */
    public CompletableFuture<TextChannel> connect(URI uri, String subprotocol, Listener listener) {
        requireSecure(uri);
        Opening opening = new Opening(uri, subprotocol, listener);
        openings.add(opening);
        if (!closed) {
            EventLoop on = loop.next();
            try {
                on.execute(() -> opening.orFail(() -> opening.begin(on)));
            } catch (RejectedExecutionException e) {
                opening.fail(new IOException(CLOSED));
            }
        } else {
            opening.fail(new IOException(CLOSED));
        }
        return opening.answer;
    }

    private static void requireSecure(URI uri) {
        if (!"wss".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || uri.getUserInfo() != null) {
            throw new IllegalArgumentException("uri: must be wss://host[:port]/path");
        }
        int port = uri.getPort();
        if (port == 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("uri: port " + port + ", must be 1 to " + MAX_PORT);
        }
    }

    private Bootstrap bootstrap(EventLoop on, int addresses, ChannelInitializer<Channel> handler) {
        return new Bootstrap()
                .group(on)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeouts.connectMillis(addresses))
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(handler);
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
        pipeline.addLast(new CountedPongs(timeouts.handshake(uri, subprotocol), session));
        pipeline.addLast(new WebSocketFrameAggregator(TextChannel.MAX_MESSAGE_BYTES));
        pipeline.addLast(session);
    }

    /**
     * One connect: the host's addresses one after the other, until one takes the connection. What fails after that is the
     * host's failure, and ends it. On its event loop, save {@link #fail}.
     */
    private final class Opening {
        private final URI uri;
        private final int port;
        private final String subprotocol;
        private final Listener listener;
        final CompletableFuture<TextChannel> answer = new CompletableFuture<>();
        private long giveUpNanos;
        private @Nullable WebSocketSession current;

        Opening(URI uri, String subprotocol, Listener listener) {
            this.uri = uri;
            this.port = uri.getPort() < 0 ? 443 : uri.getPort();
            this.subprotocol = subprotocol;
            this.listener = listener;
        }

        /** Does a step on the loop, where what it threw would be lost, and the answer with it. */
        void orFail(Runnable step) {
            try {
                step.run();
            } catch (Throwable e) {
                fail(e);
            }
        }

        void begin(EventLoop on) {
            if (closed) {
                fail(new IOException(CLOSED));
                return;
            }
            names.getResolver(on)
                    .resolveAll(InetSocketAddress.createUnresolved(uri.getHost(), port))
                    .addListener((Future<List<InetSocketAddress>> found) -> {
                        if (found.isSuccess()) {
                            giveUpNanos = System.nanoTime() + timeouts.connect().toNanos();
                            orFail(() -> attempt(on, found.getNow(), 0));
                        } else {
                            fail(found.cause());
                        }
                    });
        }

        private void attempt(EventLoop on, List<InetSocketAddress> addresses, int index) {
            InetSocketAddress address = addresses.get(index);
            WebSocketSession session = new WebSocketSession(uri.getHost(), listener);
            current = session;
            sessions.add(session);
            if (closed) {
                sessions.remove(session);
                fail(new IOException(CLOSED));
                return;
            }
            var unused = session.opened().whenComplete((opened, failure) -> {
                // What an address that was given up says on its way out does not count.
                if (session == current) {
                    ended(opened, failure);
                }
            });
            ChannelInitializer<Channel> handler = new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    fill(channel, uri, port, subprotocol, session);
                }
            };
            ChannelFuture connecting = bootstrap(on, addresses.size(), handler).connect(address);
            connecting.channel().closeFuture().addListener(done -> sessions.remove(session));
            connecting.addListener(done -> {
                if (done.isSuccess()) {
                    return;
                }
                boolean another = index + 1 < addresses.size() && System.nanoTime() - giveUpNanos < 0;
                if (another && !answer.isDone()) {
                    attempt(on, addresses, index + 1);
                } else {
                    session.failed(done.cause());
                }
            });
        }

        private void ended(@Nullable TextChannel opened, @Nullable Throwable failure) {
            openings.remove(this);
            if (opened == null) {
                answer.completeExceptionally(failure);
            } else if (!answer.complete(opened)) {
                opened.close(NORMAL, "no longer wanted");
            }
        }

        /** From any thread. */
        void fail(Throwable cause) {
            openings.remove(this);
            answer.completeExceptionally(ConnectFailures.describe(uri.getHost(), cause));
        }
    }

    /** Ends every channel and the thread, within 2 s. Idempotent. */
    @Override
    public void close() {
        closed = true;
        names.close();
        sessions.forEach(WebSocketSession::abandon);
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS)
                .awaitUninterruptibly(Duration.ofSeconds(2).toMillis());
        // A loop that has ended tells nobody.
        openings.forEach(opening -> opening.fail(new IOException(CLOSED)));
    }
}
