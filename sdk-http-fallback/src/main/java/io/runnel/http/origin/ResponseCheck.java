package io.runnel.http.origin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.runnel.source.SourceException.Reason;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Decides whether the body of an answer is the range that was asked for, or its beginning. Pure. */
final class ResponseCheck {
    private final String origin;
    private final long from;
    private final long to;
    private final long total;

    /**
     * For answers to one range request.
     *
     * @param origin names the origin in messages
     * @param from position of the first byte asked for
     * @param to position after the last
     * @param total length the whole must have
     */
    ResponseCheck(String origin, long from, long to, long total) {
        this.origin = origin;
        this.from = from;
        this.to = to;
        this.total = total;
    }

    /**
     * Returns if the body is the bytes from {@code from} to {@code to}, or the first of them.
     *
     * <p>A 206 must begin where the range asked for does, and may end before it (RFC 9110 section 15.3.7). A 200 is the
     * whole, so it is right only where the whole was asked for: of a server that ignores Range nothing else is used, or
     * every request would transfer the blob from its start.
     *
     * @throws AttemptException if it is not
     */
    void accept(int status, HttpHeaders headers, Instant now) {
        switch (status) {
            case 206 -> acceptPart(headers);
            case 200 -> acceptWhole(headers);
            default -> throw refused(status, headers, now);
        }
    }

    private void acceptPart(HttpHeaders headers) {
        checkPlain(headers);
        Optional<ContentRange> range =
                Optional.ofNullable(headers.get(HttpHeaderNames.CONTENT_RANGE)).flatMap(ContentRange::parse);
        if (range.isEmpty()) {
            throw broken("answered 206 without a Content-Range that names one range and the file's length");
        }
        if (range.get().total() != total) {
            throw broken("has a file of another length");
        }
        if (range.get().first() != from || range.get().last() >= to) {
            throw broken("answered another range than it was asked for");
        }
        checkLength(headers, range.get().last() + 1 - from);
    }

    private void acceptWhole(HttpHeaders headers) {
        checkPlain(headers);
        if (from != 0 || to != total) {
            throw broken("ignores Range: serve the blobs from a server that supports range requests");
        }
        checkLength(headers, total);
    }

    private void checkPlain(HttpHeaders headers) {
        String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING, "identity");
        if (!encoding.equalsIgnoreCase("identity")) {
            throw broken("compressed the answer: switch compression off for blobs");
        }
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "").strip().toLowerCase(Locale.ROOT);
        if (type.startsWith("multipart/")) {
            throw broken("answered several ranges where one was asked for");
        }
        if (type.startsWith("text/html")) {
            throw broken("answered with a web page: is there a captive portal?");
        }
    }

    private void checkLength(HttpHeaders headers, long bytes) {
        String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
        if (length != null && !length.strip().equals(Long.toString(bytes))) {
            throw broken("announced another length than the range has");
        }
    }

    private AttemptException refused(int status, HttpHeaders headers, Instant now) {
        String answer = " answered " + status;
        return switch (status) {
            case 404, 410 ->
                AttemptException.lasting(Reason.NOT_FOUND, origin + answer + ": it does not have the file");
            case 416 -> AttemptException.lasting(Reason.NOT_FOUND, origin + answer + ": its file is shorter");
            case 401, 403, 407 ->
                AttemptException.lasting(
                        Reason.DENIED, origin + answer + ": check the headers the app gives and the URL's signature");
            case 429, 503 ->
                AttemptException.passing(
                        Reason.BUSY,
                        origin + answer + ": it asks to be left alone for a while",
                        RetryAfter.parse(
                                headers.get(HttpHeaderNames.RETRY_AFTER), headers.get(HttpHeaderNames.DATE), now));
            case 408, 500, 502, 504 -> AttemptException.passing(Reason.UNREACHABLE, origin + answer);
            default ->
                status >= 500
                        ? AttemptException.lasting(Reason.UNREACHABLE, origin + answer)
                        : broken("answered " + status);
        };
    }

    private AttemptException broken(String what) {
        return AttemptException.lasting(Reason.PROTOCOL, origin + " " + what);
    }
}
