package io.runnel.http.origin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Drops the answers that only announce the answer, as 103 Early Hints does (RFC 9110 section 15.2): reactor-netty takes the
 * first that comes for the last. How many may come is bounded by the time an attempt has.
 */
final class InterimAnswers extends ChannelInboundHandlerAdapter {
    private static final int SWITCHING_PROTOCOLS = 101;

    private boolean dropping;

    /** Whether all that was read was dropped: whoever waits for the answer asked for one read, and does not ask again. */
    private boolean readInVain;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpResponse answer) {
            dropping = answer.status().codeClass() == HttpStatusClass.INFORMATIONAL
                    && answer.status().code() != SWITCHING_PROTOCOLS;
        }
        if (!dropping || !(message instanceof HttpResponse || message instanceof HttpContent)) {
            readInVain = false;
            ctx.fireChannelRead(message);
            return;
        }
        readInVain = true;
        if (message instanceof LastHttpContent) {
            dropping = false;
        }
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        if (readInVain) {
            readInVain = false;
            ctx.read();
        }
    }
}
