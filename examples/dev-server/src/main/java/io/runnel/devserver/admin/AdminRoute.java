package io.runnel.devserver.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.runnel.devserver.state.ClientNames;
import io.runnel.devserver.state.Json;
import io.runnel.devserver.state.ModeFile;
import io.runnel.devserver.state.Tokens;
import io.runnel.sharing.SharingMode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /admin/revoke} and {@code POST /admin/mode}, for whoever holds the admin token. Safe for use on any
 * thread.
 */
public final class AdminRoute {
    /** Where clients are revoked. */
    public static final String REVOKE_PATH = "/admin/revoke";

    /** Where the mode is set. */
    public static final String MODE_PATH = "/admin/mode";

    private static final Logger LOG = LoggerFactory.getLogger(AdminRoute.class);
    private static final int MAX_BODY_BYTES = 4096;
    private static final String BEARER = "Bearer ";

    private final String tokenHash;
    private final AdminActions actions;
    private final Scheduler disk;

    /**
     * The route.
     *
     * @param token the admin token
     * @param disk where the actions are done
     */
    public AdminRoute(String token, AdminActions actions, Scheduler disk) {
        this.tokenHash = Tokens.hash(token);
        this.actions = actions;
        this.disk = disk;
    }

    /** Answers {@code {"client": NAME}} with 204, once the client is revoked. */
    public Publisher<Void> revoke(HttpServerRequest request, HttpServerResponse response) {
        return answer(request, response, body -> {
            String client = ClientNames.check(Json.text(body, "client"));
            return () -> actions.revoke(client);
        });
    }

    /** Answers {@code {"mode": "OFF"}}, or another mode, with 204, once the mode is set. */
    public Publisher<Void> mode(HttpServerRequest request, HttpServerResponse response) {
        return answer(request, response, body -> {
            SharingMode mode = ModeFile.parse(Json.text(body, "mode"));
            return () -> actions.mode(mode);
        });
    }

    /** Reads from a request what is to be done. */
    private interface Reading {
        Action read(ObjectNode body) throws IOException;
    }

    private interface Action {
        void run() throws IOException;
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response, Reading reading) {
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
                .map(body -> act(body, reading))
                .defaultIfEmpty(HttpResponseStatus.BAD_REQUEST)
                .flatMap(status -> answer(response, status));
    }

    private static HttpResponseStatus act(byte[] body, Reading reading) {
        Action action;
        try {
            action = reading.read(Json.decode(body, "request"));
        } catch (IOException | IllegalArgumentException e) {
            return HttpResponseStatus.BAD_REQUEST;
        }
        try {
            action.run();
        } catch (IOException e) {
            LOG.warn("the dev server cannot write its state folder", e);
            return HttpResponseStatus.INTERNAL_SERVER_ERROR;
        }
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
