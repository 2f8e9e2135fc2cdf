import org.jspecify.annotations.NullMarked;

/** The dev server: origin, app server and tracker in one process, for development and the demo. */
@NullMarked
module io.runnel.devserver {
    requires transitive io.runnel.crypto;
    requires static transitive org.jspecify;
    requires io.netty.buffer;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.pkitesting;
    requires io.netty.transport;
    requires transitive io.runnel.core;
    requires io.runnel.http;
    requires io.runnel.p2p;
    requires org.reactivestreams;
    requires org.slf4j;
    requires reactor.core;
    requires reactor.netty.core;
    requires reactor.netty.http;
    requires tools.jackson.core;
    requires tools.jackson.databind;

    exports io.runnel.devserver;
}
