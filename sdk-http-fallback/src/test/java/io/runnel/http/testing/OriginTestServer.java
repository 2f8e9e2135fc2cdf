package io.runnel.http.testing;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An HTTP/1.1 server on loopback that answers as a test says, well or badly. */
public final class OriginTestServer implements AutoCloseable {
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            2, new DefaultThreadFactory("test-origin", true), NioIoHandler.newFactory());
    private final List<OriginExchange> exchanges = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final boolean secure;
    private final Channel listening;

    /** Answers one request; called on the server's threads. */
    @FunctionalInterface
    public interface Behaviour {
        /** Answers, or does not. */
        void answer(OriginExchange exchange);
    }

    /** Serves with the test authority's certificate for localhost. */
    public OriginTestServer(Behaviour behaviour) {
        this(TestPki.serverContext(TestPki.shared().server(), List.of("http/1.1")), behaviour);
    }

    /** Serves over TLS, or in the clear where there is no context. */
    public OriginTestServer(@Nullable SslContext tls, Behaviour behaviour) {
        secure = tls != null;
        listening = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.incrementAndGet();
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        }
                        channel.pipeline()
                                .addLast(
                                        new HttpServerCodec(),
                                        new HttpObjectAggregator(1 << 16),
                                        new Handler(behaviour));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    /** {@code https://localhost:port} */
    public URI uri() {
        return URI.create((secure ? "https" : "http") + "://localhost:" + port());
    }

    /** The port listened on. */
    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Every request so far, in order. */
    public List<OriginExchange> exchanges() {
        return exchanges;
    }

    /** How many connections were opened. */
    public int connections() {
        return connections.get();
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5000);
    }

    private final class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {
        private final Behaviour behaviour;

        Handler(Behaviour behaviour) {
            this.behaviour = behaviour;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            OriginExchange exchange = new OriginExchange(ctx.channel(), request);
            exchanges.add(exchange);
            behaviour.answer(exchange);
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // The connection is over either way.
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
