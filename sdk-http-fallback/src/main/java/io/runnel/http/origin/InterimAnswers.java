package io.runnel.http.origin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.runnel.source.SourceException.Reason;

/**
 * Drops the answers that only announce the answer, as 103 Early Hints does (RFC 9110 section 15.2): reactor-netty takes the
 * first that comes for the last. More than {@link #MOST} for one request fail it: each counts as a piece of an answer, so
 * that no wait for the next one would ever be over.
 */
final class InterimAnswers extends ChannelInboundHandlerAdapter {
    static final int MOST = 16;

    private static final int SWITCHING_PROTOCOLS = 101;

    private boolean dropping;
    private int dropped;

    /** Whether all that was read was dropped: whoever waits for the answer asked for one read, and does not ask again. */
    private boolean readInVain;

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // The failure was told before; of the close nobody needs to hear.
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpResponse answer) {
            dropping = answer.status().codeClass() == HttpStatusClass.INFORMATIONAL
                    && answer.status().code() != SWITCHING_PROTOCOLS;
            // A connection that is used again keeps this handler.
            dropped = dropping ? dropped + 1 : 0;
            if (dropped > MOST) {
                ReferenceCountUtil.release(message);
                ctx.fireExceptionCaught(AttemptException.lasting(
                        Reason.PROTOCOL, "an answer that is announced more than " + MOST + " times and does not come"));
                ctx.close();
                return;
            }
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
