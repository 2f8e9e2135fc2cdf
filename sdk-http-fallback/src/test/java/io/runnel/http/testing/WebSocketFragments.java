package io.runnel.http.testing;

import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayList;
import java.util.List;

/** Cuts ASCII text into websocket fragments. */
final class WebSocketFragments {
    private WebSocketFragments() {}

    static List<WebSocketFrame> of(String text, int each) {
        List<WebSocketFrame> frames = new ArrayList<>();
        for (int at = 0; at < text.length(); at += each) {
            String part = text.substring(at, Math.min(text.length(), at + each));
            boolean last = at + each >= text.length();
            frames.add(at == 0 ? new TextWebSocketFrame(last, 0, part) : new ContinuationWebSocketFrame(last, 0, part));
        }
        return frames;
    }
}
