package io.runnel.http.websocket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.List;

/** Netty's upgrade, except that the session answers pings: Netty would queue a pong for each, however many wait. */
final class CountedPongs extends WebSocketClientProtocolHandler {
    private final WebSocketSession session;

    CountedPongs(WebSocketClientProtocolConfig config, WebSocketSession session) {
        super(config);
        this.session = session;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, WebSocketFrame frame, List<Object> out) throws Exception {
        if (frame instanceof PingWebSocketFrame) {
            session.answerPing(ctx, frame.content());
        } else {
            super.decode(ctx, frame, out);
        }
    }
}
