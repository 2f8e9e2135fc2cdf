package io.runnel.http.websocket;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** Says what to do about a connection that could not be opened, without an address. */
final class ConnectFailures {
    private ConnectFailures() {}

    static IOException describe(String host, Throwable cause) {
        return new IOException("cannot open a channel to " + host + ": " + advice(cause), cause);
    }

    private static String advice(Throwable cause) {
        if (cause instanceof SSLException) {
            return "TLS failed; check the server's certificate and name against the trusted authorities";
        }
        if (cause instanceof UnknownHostException) {
            return "no such host; check the name";
        }
        if (cause instanceof ConnectTimeoutException) {
            return "no answer in time; check the network and the port";
        }
        if (cause instanceof ConnectException) {
            return "the connection was refused; check that the server runs and the port is right";
        }
        if (cause instanceof WebSocketClientHandshakeException) {
            return "the server refused the websocket; check the path and that it speaks the subprotocol";
        }
        return cause instanceof IOException && cause.getMessage() != null ? cause.getMessage() : "the connection broke";
    }
}
