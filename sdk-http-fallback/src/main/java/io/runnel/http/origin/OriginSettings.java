package io.runnel.http.origin;

import io.runnel.http.retry.FullJitter;
import io.runnel.http.tls.ClientTls;
import java.time.Duration;

/**
 * How the origin is talked to.
 *
 * @param connections ranges in flight, and connections to one host, at most
 * @param http2 whether HTTP/2 is spoken where the server offers it
 * @param loopbackHttp whether plain http to loopback is allowed, for tests
 * @param timeouts how long is waited for what
 * @param retry how often and when a range is asked for again
 */
public record OriginSettings(
        ClientTls tls, int connections, boolean http2, boolean loopbackHttp, Timeouts timeouts, Retry retry) {
    /**
     * How long is waited.
     *
     * @param connect for the TCP connection, and again for TLS
     * @param response for the answer, and then for each next piece of it; four times as long for all of a range
     * @param idle before a connection without a request is closed
     */
    public record Timeouts(Duration connect, Duration response, Duration idle) {}

    /**
     * When a range is asked for again.
     *
     * @param attempts how often in a row without a byte of progress, at least 1
     * @param backOff how long is waited in between
     * @param longestRetryAfter a server that asks for more is reported as busy at once
     */
    public record Retry(int attempts, FullJitter backOff, Duration longestRetryAfter) {}
}
