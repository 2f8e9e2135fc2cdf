package io.runnel.http.testing;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One request to a test origin, and the ways to answer it. */
@SuppressWarnings("FutureReturnValueIgnored") // A test notices what did not arrive.
public final class OriginExchange {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

    private final Channel channel;
    private final String path;
    private final HttpHeaders headers;

    OriginExchange(Channel channel, FullHttpRequest request) {
        this.channel = channel;
        this.path = request.uri();
        this.headers = request.headers().copy();
    }

    /** Path and query. */
    public String path() {
        return path;
    }

    /** A header's value, empty where it is missing. */
    public String header(String name) {
        return headers.get(name, "");
    }

    /** Position of the first byte asked for. */
    public int from() {
        return bound(1);
    }

    /** Position after the last byte asked for. */
    public int to() {
        return bound(2) + 1;
    }

    private int bound(int group) {
        Matcher matcher = RANGE.matcher(header("range"));
        if (!matcher.matches()) {
            throw new AssertionError("no single range: " + header("range"));
        }
        return Integer.parseInt(matcher.group(group));
    }

    /** Answers as a good server does. */
    public void serve(byte[] file) {
        serve(file, Map.of());
    }

    /** Answers as a good server does, with further headers. */
    public void serve(byte[] file, Map<String, String> more) {
        if (from() >= file.length) {
            answer(416, Map.of("content-range", "bytes */" + file.length), new byte[0]);
            return;
        }
        byte[] part = part(file);
        head(206, Map.of("content-range", contentRange(file), "content-length", "" + part.length), more);
        body(part);
        end();
    }

    /** The bytes asked for. */
    public byte[] part(byte[] file) {
        return Arrays.copyOfRange(file, from(), Math.min(file.length, to()));
    }

    /** The right Content-Range. */
    public String contentRange(byte[] file) {
        return "bytes " + from() + "-" + (Math.min(file.length, to()) - 1) + "/" + file.length;
    }

    /** A whole answer. */
    public void answer(int status, Map<String, String> more, byte[] body) {
        head(status, Map.of("content-length", "" + body.length), more);
        body(body);
        end();
    }

    /** Bytes as they are, which need not be HTTP. */
    public void raw(String bytes) {
        channel.pipeline()
                .context(HttpServerCodec.class)
                .writeAndFlush(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
    }

    /** The first part of an answer. */
    public void head(int status, Map<String, String> first, Map<String, String> more) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        first.forEach(response.headers()::set);
        more.forEach(response.headers()::set);
        channel.writeAndFlush(response);
    }

    /** An answer that only announces the answer, such as 103. */
    public void interim(int status, Map<String, String> headers) {
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        headers.forEach(response.headers()::set);
        channel.writeAndFlush(response);
    }

    /** Some of the body. */
    public void body(byte[] bytes) {
        channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)));
    }

    /** The end of the body. */
    public void end() {
        channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    /** Ends the connection once everything is written. */
    public void cut() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> channel.close());
    }

    /** Whether the client still has the connection open. */
    public boolean isOpen() {
        return channel.isActive();
    }
}
