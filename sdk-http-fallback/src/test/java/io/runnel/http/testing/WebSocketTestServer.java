package io.runnel.http.testing;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A websocket server over TLS on loopback that does what a test's script says. */
public final class WebSocketTestServer implements AutoCloseable {
    private static final int PINGS_AT_ONCE = 100;
    private static final int LONGEST_PING_BYTES = 125;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("test-server", true), NioIoHandler.newFactory());
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Channel listening;

    /** Starts at once on a free port. */
    public WebSocketTestServer(SslContext tls, String subprotocol, Script script) {
        listening = bind(0, tls, subprotocol, script);
    }

    /** Starts at once on this port, where a server was before. */
    public WebSocketTestServer(int port, SslContext tls, String subprotocol, Script script) {
        listening = bind(port, tls, subprotocol, script);
    }

    private Channel bind(int port, SslContext tls, String subprotocol, Script script) {
        return new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        tls.newHandler(channel.alloc()),
                                        new HttpServerCodec(),
                                        new HttpObjectAggregator(1 << 16),
                                        new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
                                                .websocketPath("/")
                                                .checkStartsWith(true)
                                                .subprotocols(subprotocol)
                                                .handleCloseFrames(false)
                                                .sendCloseFrame(null)
                                                .dropPongFrames(false)
                                                .maxFramePayloadLength(1 << 20)
                                                .build()),
                                        new Connection(script));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .syncUninterruptibly()
                .channel();
    }

    /** The port listened on. */
    public int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** {@code wss://localhost:port/path}. */
    public URI uri(String path) {
        return URI.create("wss://localhost:" + port() + path);
    }

    /** The connections open now, upgraded or not. */
    public Set<Connection> connections() {
        return connections;
    }

    @Override
    public void close() {
        if (!loop.isShuttingDown()) {
            // A loop that ends at once may leave sockets open: a client would wait for a server that is gone.
            listening.close().syncUninterruptibly();
            connections.forEach(Connection::closeAndWait);
        }
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5000);
    }

    /** What the server does; called on its one thread. */
    public interface Script {
        /** A client has connected. */
        default void opened(Connection connection) {}

        /** A text message came. */
        default void message(Connection connection, String text) {}

        /** Another frame came: a close, a pong. */
        default void frame(Connection connection, WebSocketFrame frame) {
            if (frame instanceof CloseWebSocketFrame close) {
                connection.frame(close.retain());
                connection.cut();
            }
        }
    }

    /** One client's connection, and what a script can do to it. */
    @SuppressWarnings("FutureReturnValueIgnored") // A test notices what did not arrive.
    public final class Connection extends SimpleChannelInboundHandler<WebSocketFrame> {
        private final Script script;
        private volatile Channel channel;

        private Connection(Script script) {
            this.script = script;
        }

        /** Sends text. */
        public void text(String text) {
            frame(new TextWebSocketFrame(text));
        }

        /** Sends text in fragments of this many characters. */
        public void fragments(String text, int each) {
            WebSocketFragments.of(text, each).forEach(this::frame);
        }

        /** Sends a close frame and ends the connection. */
        public void close(int code) {
            channel.writeAndFlush(new CloseWebSocketFrame(code, "test")).addListener(done -> channel.close());
        }

        /** Sends any frame. */
        public void frame(WebSocketFrame frame) {
            channel.writeAndFlush(frame);
        }

        /** Sends a ping. */
        public void ping() {
            frame(new PingWebSocketFrame());
        }

        /** Sends the longest pings as fast as the client takes them, until the connection ends. */
        public void pingWithoutEnd() {
            for (int i = 0; i < PINGS_AT_ONCE; i++) {
                channel.write(new PingWebSocketFrame(Unpooled.wrappedBuffer(new byte[LONGEST_PING_BYTES])));
            }
            channel.writeAndFlush(new PingWebSocketFrame()).addListener(sent -> {
                if (sent.isSuccess()) {
                    channel.eventLoop().execute(this::pingWithoutEnd);
                }
            });
        }

        /** Ends the TCP connection without a word. */
        public void cut() {
            channel.close();
        }

        private void closeAndWait() {
            channel.close().syncUninterruptibly();
        }

        /** Stops reading, so that what the client sends piles up. */
        public void stopReading() {
            channel.config().setAutoRead(false);
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            channel = ctx.channel();
            connections.add(this);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            connections.remove(this);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
                script.opened(this);
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
            if (frame instanceof TextWebSocketFrame text) {
                script.message(this, text.text());
            } else {
                script.frame(this, frame);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    /** The usual context: the test authority's certificate for localhost. */
    public static SslContext usualTls() {
        return TestPki.serverContext(TestPki.shared().server(), List.of());
    }
}
