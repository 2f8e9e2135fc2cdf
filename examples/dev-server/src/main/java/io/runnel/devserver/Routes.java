package io.runnel.devserver;

import io.netty.handler.codec.http.HttpMethod;
import io.runnel.devserver.admin.AdminRoute;
import io.runnel.devserver.origin.OriginRoute;
import io.runnel.devserver.web.TextSockets;
import io.runnel.http.keys.message.KeysProtocol;
import io.runnel.p2p.signalling.message.SwarmProtocol;
import java.util.function.BiFunction;
import org.reactivestreams.Publisher;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Which part of the server answers which path. */
record Routes(OriginRoute origin, TextSockets keys, TextSockets tracker, AdminRoute admin)
        implements BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> {
    @Override
    public Publisher<Void> apply(HttpServerRequest request, HttpServerResponse response) {
        String uri = request.uri();
        int query = uri.indexOf('?');
        return switch (query < 0 ? uri : uri.substring(0, query)) {
            case KeysProtocol.PATH -> keys.handle(request, response);
            case SwarmProtocol.PATH -> tracker.handle(request, response);
            case AdminRoute.REVOKE_PATH ->
                request.method().equals(HttpMethod.POST)
                        ? admin.revoke(request, response)
                        : origin.handle(request, response);
            default -> origin.handle(request, response);
        };
    }
}
