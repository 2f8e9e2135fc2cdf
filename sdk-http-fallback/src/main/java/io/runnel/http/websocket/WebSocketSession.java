package io.runnel.http.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.timeout.IdleStateEvent;
import io.runnel.channel.ChannelConnector.Listener;
import io.runnel.channel.TextChannel;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One websocket from the connect to its end. Its plain fields belong to the channel's event loop; the three fields that
 * other threads use are final or volatile.
 */
// A write or close that fails ends the channel, and that is heard in channelInactive.
@SuppressWarnings("FutureReturnValueIgnored")
final class WebSocketSession extends SimpleChannelInboundHandler<WebSocketFrame> implements TextChannel {
    /** What may wait to be sent before the channel is given up: a server that does not read costs no more. */
    private static final int MAX_QUEUED_BYTES = 1 << 20;

    /** What a pong that waits costs beside what it carries: a server's pings may be empty, and many. */
    private static final int PONG_OVERHEAD_BYTES = 256;

    /** What the server has to end the connection once a Close was sent (RFC 6455 section 7.1.1). */
    private static final int CLOSE_SECONDS = 2;

    private static final int GOING_AWAY = 1001;
    private static final int UNSUPPORTED = 1003;
    private static final int NO_STATUS = 1005;
    private static final int BROKEN = 1006;
    private static final int TOO_BIG = 1009;
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketSession.class);

    private final String host;
    private final Listener listener;
    private final CompletableFuture<TextChannel> opened = new CompletableFuture<>();
    private final AtomicInteger queuedBytes = new AtomicInteger();
    private volatile @Nullable ChannelHandlerContext context;
    private boolean upgraded;
    private boolean ended;
    private boolean pinged;

    WebSocketSession(String host, Listener listener) {
        this.host = host;
        this.listener = listener;
    }

    CompletableFuture<TextChannel> opened() {
        return opened;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void send(String text) {
        int bytes = ByteBufUtil.utf8Bytes(text);
        if (bytes > MAX_MESSAGE_BYTES) {
            throw new IllegalArgumentException("text: " + bytes + " bytes, must be at most " + MAX_MESSAGE_BYTES);
        }
        if (queuedBytes.addAndGet(bytes) > MAX_QUEUED_BYTES) {
            onLoop(ctx -> breakOff(ctx, BROKEN, "the server does not read"));
            return;
        }
        onLoop(ctx -> {
            if (!ended) {
                ctx.writeAndFlush(new TextWebSocketFrame(text)).addListener(done -> queuedBytes.addAndGet(-bytes));
            }
        });
    }

    @Override
    public void close(int code, String reason) {
        onLoop(ctx -> {
            if (!ended) {
                sendClose(ctx, new CloseWebSocketFrame(code, reason));
                end(code, reason);
            }
        });
    }

    /**
     * Answers a ping, on the channel's loop. A server that pings and does not read is given up as one to which is sent in
     * vain.
     */
    void answerPing(ChannelHandlerContext ctx, ByteBuf payload) {
        if (ended) {
            return;
        }
        int bytes = payload.readableBytes() + PONG_OVERHEAD_BYTES;
        if (queuedBytes.addAndGet(bytes) > MAX_QUEUED_BYTES) {
            breakOff(ctx, BROKEN, "the server does not read");
        } else {
            ctx.writeAndFlush(new PongWebSocketFrame(payload.retain()))
                    .addListener(done -> queuedBytes.addAndGet(-bytes));
        }
    }

    /** Ends the connection at whatever point it is. */
    void abandon() {
        onLoop(ctx -> breakOff(ctx, GOING_AWAY, "the connector was closed"));
    }

    /** Ends a connection that did not get as far as being open; no effect on one that did. */
    void failed(Throwable cause) {
        if (opened.completeExceptionally(ConnectFailures.describe(host, cause))) {
            LOG.debug("no channel to {}: {}", host, cause.getClass().getSimpleName());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
            upgraded = true;
            if (!opened.complete(this)) {
                ctx.close();
            }
        } else if (event == ClientHandshakeStateEvent.HANDSHAKE_TIMEOUT) {
            failed(new IOException("no answer to the upgrade in time"));
            ctx.close();
        } else if (event instanceof IdleStateEvent && upgraded) {
            silence(ctx);
        }
    }

    private void silence(ChannelHandlerContext ctx) {
        if (pinged) {
            breakOff(ctx, BROKEN, "the server fell silent");
        } else {
            pinged = true;
            ctx.writeAndFlush(new PingWebSocketFrame());
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
        pinged = false;
        if (ended) {
            return;
        }
        if (frame instanceof TextWebSocketFrame text) {
            listener.message(text.text());
        } else if (frame instanceof CloseWebSocketFrame close) {
            int code = close.statusCode() < 0 ? NO_STATUS : close.statusCode();
            String reason = close.reasonText();
            sendClose(ctx, close.retain());
            end(code, reason);
        } else if (!(frame instanceof PongWebSocketFrame)) {
            close(UNSUPPORTED, "only text messages");
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        failed(new IOException("the connection ended before the upgrade"));
        end(BROKEN, "the connection broke");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failed(cause);
        if (cause instanceof TooLongFrameException) {
            breakOff(ctx, TOO_BIG, "a message over " + MAX_MESSAGE_BYTES + " bytes");
        } else if (cause instanceof CorruptedWebSocketFrameException corrupted) {
            breakOff(ctx, corrupted.closeStatus().code(), "a malformed frame");
        } else {
            breakOff(ctx, BROKEN, "the connection broke");
        }
    }

    private static void sendClose(ChannelHandlerContext ctx, CloseWebSocketFrame close) {
        ctx.writeAndFlush(close);
        ctx.executor().schedule(() -> ctx.close(), CLOSE_SECONDS, TimeUnit.SECONDS);
    }

    private void breakOff(ChannelHandlerContext ctx, int code, String reason) {
        failed(new IOException(reason));
        if (upgraded && !ended && code != BROKEN) {
            ctx.writeAndFlush(new CloseWebSocketFrame(code, reason));
        }
        end(code, reason);
        ctx.close();
    }

    private void end(int code, String reason) {
        if (upgraded && !ended) {
            ended = true;
            listener.closed(code, reason);
        }
    }

    private void onLoop(LoopTask task) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        try {
            ctx.executor().execute(() -> task.run(ctx));
        } catch (RejectedExecutionException closed) {
            // The connector was closed, and with it this channel: as after any end, nothing is sent.
        }
    }

    @FunctionalInterface
    private interface LoopTask {
        void run(ChannelHandlerContext ctx);
    }
}
