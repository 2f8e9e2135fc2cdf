package io.runnel.devserver.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.runnel.devserver.state.ClientNames;
import io.runnel.devserver.state.Json;
import io.runnel.devserver.state.Revocations;
import io.runnel.devserver.state.Tokens;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** {@code POST /admin/revoke}, for whoever holds the admin token. Safe for use on any thread. */
public final class AdminRoute {
    /** Where it is. */
    public static final String REVOKE_PATH = "/admin/revoke";

    private static final Logger LOG = LoggerFactory.getLogger(AdminRoute.class);
    private static final int MAX_BODY_BYTES = 4096;
    private static final String BEARER = "Bearer ";

    private final String tokenHash;
    private final Revocations revocations;
    private final Consumer<String> revoked;
    private final Scheduler disk;

    /**
     * The route.
     *
     * @param token the admin token
     * @param revoked told of each client once its revocation is on disk
     * @param disk where the disk is written
     */
    public AdminRoute(String token, Revocations revocations, Consumer<String> revoked, Scheduler disk) {
        this.tokenHash = Tokens.hash(token);
        this.revocations = revocations;
        this.revoked = revoked;
        this.disk = disk;
    }

    /** Answers {@code {"client": NAME}} with 204, once the revocation is on disk and its channels and memberships are being ended. */
    public Publisher<Void> revoke(HttpServerRequest request, HttpServerResponse response) {
        if (!authorised(request.requestHeaders().get(HttpHeaderNames.AUTHORIZATION))) {
            response.header(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
            return answer(response, HttpResponseStatus.UNAUTHORIZED);
        }
        String length = request.requestHeaders().get(HttpHeaderNames.CONTENT_LENGTH);
        if (length == null || !length.matches("[0-9]{1,4}") || Integer.parseInt(length) > MAX_BODY_BYTES) {
            return answer(response, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
        }
        return request.receive()
                .aggregate()
                .asByteArray()
                .publishOn(disk)
                .map(this::revoke)
                .defaultIfEmpty(HttpResponseStatus.BAD_REQUEST)
                .flatMap(status -> answer(response, status));
    }

    private HttpResponseStatus revoke(byte[] body) {
        String client;
        try {
            client = ClientNames.check(Json.text(Json.decode(body, "request"), "client"));
        } catch (IOException | IllegalArgumentException e) {
            return HttpResponseStatus.BAD_REQUEST;
        }
        try {
            revocations.add(client);
        } catch (IOException e) {
            LOG.warn("the dev server cannot record a revocation", e);
            return HttpResponseStatus.INTERNAL_SERVER_ERROR;
        }
        revoked.accept(client);
        return HttpResponseStatus.NO_CONTENT;
    }

    private boolean authorised(@Nullable String field) {
        return field != null
                && field.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && Tokens.matches(field.substring(BEARER.length()).strip(), tokenHash);
    }

    private static Mono<Void> answer(HttpServerResponse response, HttpResponseStatus status) {
        response.status(status);
        if (!status.equals(HttpResponseStatus.NO_CONTENT)) {
            response.header(HttpHeaderNames.CONTENT_LENGTH, "0");
        }
        return response.send();
    }
}
