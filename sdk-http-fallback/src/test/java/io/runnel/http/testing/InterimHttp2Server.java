package io.runnel.http.testing;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Serves one file over HTTP/2, each answer announced by interim ones. */
public final class InterimHttp2Server implements AutoCloseable {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("test-http2", true), NioIoHandler.newFactory());
    private final Channel listening;
    private final byte[] file;
    private final String[] interim;

    /**
     * Starts at once on a free port.
     *
     * @param interim the statuses before each answer
     */
    public InterimHttp2Server(byte[] file, String... interim) {
        this.file = file;
        this.interim = interim;
        listening = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        TestPki.serverContext(TestPki.shared().server(), List.of("h2"))
                                                .newHandler(channel.alloc()),
                                        Http2FrameCodecBuilder.forServer().build(),
                                        new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
                                            @Override
                                            protected void initChannel(Channel stream) {
                                                stream.pipeline().addLast(new Answer());
                                            }
                                        }));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    /** {@code https://localhost:port/} */
    public URI uri() {
        return URI.create("https://localhost:" + ((InetSocketAddress) listening.localAddress()).getPort() + "/");
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5000);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A test notices what did not arrive.
    private final class Answer extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Http2HeadersFrame request) {
                for (String status : interim) {
                    ctx.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status(status), false));
                }
                Matcher range = RANGE.matcher(request.headers().get("range"));
                if (!range.matches()) {
                    throw new AssertionError("no single range");
                }
                int from = Integer.parseInt(range.group(1));
                int to = Math.min(file.length, Integer.parseInt(range.group(2)) + 1);
                String content = "bytes " + from + "-" + (to - 1) + "/" + file.length;
                DefaultHttp2Headers headers = new DefaultHttp2Headers();
                headers.status("206").set("content-range", content);
                ctx.write(new DefaultHttp2HeadersFrame(headers, false));
                ctx.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(file, from, to - from), true));
            }
            ReferenceCountUtil.release(message);
        }
    }
}
