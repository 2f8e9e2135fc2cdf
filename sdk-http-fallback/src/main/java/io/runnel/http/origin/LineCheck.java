package io.runnel.http.origin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks an HTTP/2 connection whether it is still there, with a PING (RFC 9113 section 6.7): whenever a request on it is given
 * up, be it cancelled, timed out or refused, and when one begins after {@value #QUIET_MILLIS} ms in which nothing came. Where
 * then nothing comes for {@value #ANSWER_MILLIS} ms it is closed, which ends what is under way on it, and the next attempt
 * opens another. Without this a connection that died without a word, because the viewer's address changed or a router forgot
 * it, would be used for ever: giving up a request resets only its stream. Over HTTP/1.1 it ends the connection.
 *
 * <p>A request that is slow or stalled costs no connection: any byte counts as an answer, and a server answers a PING
 * whatever its streams do. reactor-netty's own PING does not help here: it is sent only after a connection was without a
 * request for the idle time.
 *
 * <p>Sits on the connection, between the codec and its streams; all of it belongs to the connection's loop.
 */
final class LineCheck extends ChannelDuplexHandler {
    /** Some round trips of the slowest line, so short that a reader which waits goes on within its patience. */
    static final int ANSWER_MILLIS = 2000;

    /** Beyond what passes between two requests while something is read, so that little is asked of a connection in use. */
    static final int QUIET_MILLIS = 1000;

    private static final long PING = 1;

    private final ChannelHandlerContext codec;
    private long heardNanos = System.nanoTime();
    private @Nullable ScheduledFuture<?> alarm;

    private LineCheck(ChannelHandlerContext codec) {
        this.codec = codec;
    }

    /**
     * Sees to it that the connection of a request is checked; no effect over HTTP/1.1 or where it is already. On the
     * connection's loop.
     */
    static void of(Channel request) {
        Channel connection = request.parent();
        if (connection != null && connection.pipeline().get(LineCheck.class) == null) {
            ChannelHandlerContext codec = connection.pipeline().context(Http2FrameCodec.class);
            connection.pipeline().addAfter(codec.name(), null, new LineCheck(codec));
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends the connection, as no answer does.
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ctx.write(message, promise);
        boolean givenUp = message instanceof Http2ResetFrame;
        boolean begun = message instanceof Http2HeadersFrame;
        // A question that is open stays the one that counts: who asks again and again puts nothing off.
        if (alarm == null && (givenUp || (begun && isQuiet()))) {
            ctx.writeAndFlush(new DefaultHttp2PingFrame(PING));
            alarm = ctx.executor().schedule(this::hangUp, ANSWER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private boolean isQuiet() {
        return System.nanoTime() - heardNanos > TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS);
    }

    /** Bytes have come. They need not make a frame yet, as on a slow line, nor be the answer, which waits behind others. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        heardNanos = System.nanoTime();
        ScheduledFuture<?> asked = alarm;
        if (asked != null) {
            asked.cancel(false);
            alarm = null;
        }
        ctx.fireChannelReadComplete();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for it.
    private void hangUp() {
        // Below the codec, which would first say goodbye and wait for the streams to end.
        codec.close();
    }
}
