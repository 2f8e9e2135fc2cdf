package io.runnel.devserver.origin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Serves {@code /{bucket}/{blob id}} and {@code /{bucket}/{blob id}.obao4} with GET and HEAD, whole or one byte range,
 * conditional or not. Like a CDN node it knows ciphertext only. Safe for use on any thread.
 */
public final class OriginRoute {
    private static final String FOREVER = "public, max-age=31536000, immutable";

    private final Path blobs;
    private final Scheduler disk;

    /**
     * An origin.
     *
     * @param blobs the folder of the buckets
     * @param disk where files are opened and read
     */
    public OriginRoute(Path blobs, Scheduler disk) {
        this.blobs = blobs;
        this.disk = disk;
    }

    /** Answers one request. */
    public Publisher<Void> handle(HttpServerRequest request, HttpServerResponse response) {
        HttpMethod method = request.method();
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            response.header(HttpHeaderNames.ALLOW, "GET, HEAD");
            return empty(response, HttpResponseStatus.METHOD_NOT_ALLOWED);
        }
        return Mono.fromCallable(() -> find(request.uri()))
                .subscribeOn(disk)
                .flatMap(found -> found.isPresent()
                        ? Mono.from(answer(found.get(), request, response))
                        : empty(response, HttpResponseStatus.NOT_FOUND));
    }

    private Optional<Sized> find(String uri) throws IOException {
        int query = uri.indexOf('?');
        Optional<OriginObject> object = OriginObject.find(blobs, query < 0 ? uri : uri.substring(0, query));
        return object.isPresent()
                ? Optional.of(new Sized(object.get(), Files.size(object.get().file())))
                : Optional.empty();
    }

    private Publisher<Void> answer(Sized found, HttpServerRequest request, HttpServerResponse response) {
        String tag = found.object.entityTag();
        describe(response.responseHeaders(), tag);
        HttpHeaders asked = request.requestHeaders();
        String ifMatch = asked.get(HttpHeaderNames.IF_MATCH);
        if (ifMatch != null && !Preconditions.lists(ifMatch, tag, false)) {
            return empty(response, HttpResponseStatus.PRECONDITION_FAILED);
        }
        String ifNoneMatch = asked.get(HttpHeaderNames.IF_NONE_MATCH);
        if (ifNoneMatch != null && Preconditions.lists(ifNoneMatch, tag, true)) {
            response.header(HttpHeaderNames.CACHE_CONTROL, FOREVER);
            return response.status(HttpResponseStatus.NOT_MODIFIED).send();
        }
        boolean whole = request.method().equals(HttpMethod.HEAD)
                || !Preconditions.rangeAllowed(asked.get(HttpHeaderNames.IF_RANGE), tag);
        return serve(found, range(whole ? null : asked.get(HttpHeaderNames.RANGE), found), request, response);
    }

    private static RangeHeader range(@Nullable String field, Sized found) {
        return RangeHeader.parse(field, found.sizeBytes);
    }

    private static void describe(HttpHeaders headers, String tag) {
        headers.set(
                HttpHeaderNames.DATE, DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
        headers.set(HttpHeaderNames.ACCEPT_RANGES, "bytes");
        headers.set(HttpHeaderNames.ETAG, tag);
        headers.set(HttpHeaderNames.CONTENT_TYPE, "application/octet-stream");
        headers.set("x-content-type-options", "nosniff");
    }

    private Publisher<Void> serve(
            Sized found, RangeHeader range, HttpServerRequest request, HttpServerResponse response) {
        if (range instanceof RangeHeader.Unsatisfiable) {
            response.header(HttpHeaderNames.CONTENT_RANGE, "bytes */" + found.sizeBytes);
            return empty(response, HttpResponseStatus.REQUESTED_RANGE_NOT_SATISFIABLE);
        }
        response.header(HttpHeaderNames.CACHE_CONTROL, FOREVER);
        long first = 0;
        long length = found.sizeBytes;
        if (range instanceof RangeHeader.Satisfiable part) {
            first = part.first();
            length = part.length();
            response.status(HttpResponseStatus.PARTIAL_CONTENT)
                    .header(
                            HttpHeaderNames.CONTENT_RANGE,
                            "bytes " + first + "-" + part.last() + "/" + found.sizeBytes);
        }
        response.header(HttpHeaderNames.CONTENT_LENGTH, Long.toString(length));
        if (length == 0 || request.method().equals(HttpMethod.HEAD)) {
            return response.send();
        }
        return response.send(FileBody.read(found.object.file(), first, length, response.alloc(), disk));
    }

    private static Mono<Void> empty(HttpServerResponse response, HttpResponseStatus status) {
        return response.status(status)
                .header(HttpHeaderNames.CONTENT_LENGTH, "0")
                .send();
    }

    private record Sized(OriginObject object, long sizeBytes) {}
}
