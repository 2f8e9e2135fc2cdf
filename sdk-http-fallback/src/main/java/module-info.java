import org.jspecify.annotations.NullMarked;

/**
 * Adapters over TLS: the HTTP origin as a source of blobs, the websocket connector, and the keys channel.
 */
@NullMarked
module io.runnel.http {
    requires transitive io.runnel.core;
    requires static transitive org.jspecify;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.resolver;
    requires io.netty.transport;
    // For reactor-netty, which as an automatic module cannot ask for what it needs itself.
    requires io.netty.codec.classes.quic;
    requires io.netty.codec.http2;
    requires io.netty.handler.proxy;
    requires io.netty.resolver.dns;
    requires org.reactivestreams;
    requires org.slf4j;
    requires reactor.core;
    requires reactor.netty.core;
    requires reactor.netty.http;
    requires tools.jackson.core;
    requires tools.jackson.databind;

    exports io.runnel.http;
    exports io.runnel.http.keys.message;
}
