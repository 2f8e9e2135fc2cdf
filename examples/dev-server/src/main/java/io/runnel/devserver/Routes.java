package io.runnel.devserver;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.runnel.devserver.admin.AdminRoute;
import io.runnel.devserver.origin.OriginRoute;
import io.runnel.devserver.web.TextSockets;
import io.runnel.http.keys.message.KeysProtocol;
import io.runnel.p2p.signalling.message.SwarmProtocol;
import java.util.Set;
import java.util.function.BiFunction;
import org.reactivestreams.Publisher;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Which part of the server answers which path.
 *
 * @param parts those that are served; the others answer 503
 */
record Routes(Set<ServerPart> parts, OriginRoute origin, TextSockets keys, TextSockets tracker, AdminRoute admin)
        implements BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> {
    @Override
    public Publisher<Void> apply(HttpServerRequest request, HttpServerResponse response) {
        String uri = request.uri();
        int query = uri.indexOf('?');
        return switch (query < 0 ? uri : uri.substring(0, query)) {
            case KeysProtocol.PATH ->
                parts.contains(ServerPart.KEYS) ? keys.handle(request, response) : leftOut(response);
            case SwarmProtocol.PATH ->
                parts.contains(ServerPart.TRACKER) ? tracker.handle(request, response) : leftOut(response);
            case AdminRoute.REVOKE_PATH ->
                request.method().equals(HttpMethod.POST)
                        ? admin.revoke(request, response)
                        : fromOrigin(request, response);
            case AdminRoute.MODE_PATH ->
                request.method().equals(HttpMethod.POST)
                        ? admin.mode(request, response)
                        : fromOrigin(request, response);
            default -> fromOrigin(request, response);
        };
    }

    private Publisher<Void> fromOrigin(HttpServerRequest request, HttpServerResponse response) {
        return parts.contains(ServerPart.ORIGIN) ? origin.handle(request, response) : leftOut(response);
    }

    private static Publisher<Void> leftOut(HttpServerResponse response) {
        return response.status(HttpResponseStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaderNames.CONTENT_LENGTH, "0")
                .send();
    }
}
