package io.runnel.http.websocket;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Says what to do about a connection that could not be opened, without an address. */
final class ConnectFailures {
    private static final int DEEPEST_CAUSE = 10;

    private ConnectFailures() {}

    static IOException describe(String host, Throwable cause) {
        return new IOException("cannot open a channel to " + host + ": " + advice(cause, hasEllipticCurves()), cause);
    }

    /** Whether this runtime can do what almost every server wants; one made by jlink may be without. */
    private static boolean hasEllipticCurves() {
        try {
            var unused = KeyFactory.getInstance("EC");
            return true;
        } catch (NoSuchAlgorithmException e) {
            return false;
        }
    }

    static String advice(Throwable cause, boolean hasEllipticCurves) {
        if (hasCause(cause, CertificateException.class)) {
            return "its certificate is not trusted: check that it is for this name and not expired, that this machine's"
                    + " clock is right, and that its authority or pin is in the TLS settings";
        }
        if (cause instanceof ConnectTimeoutException || cause instanceof SslHandshakeTimeoutException) {
            return "no answer in time; check the network and the port";
        }
        if (cause instanceof SSLHandshakeException && !hasEllipticCurves) {
            return "TLS failed: this Java runtime has no elliptic curves: add the module jdk.crypto.ec to it";
        }
        if (cause instanceof SSLException) {
            return "TLS failed: check that the server speaks TLS 1.3, and its certificate";
        }
        if (cause instanceof UnknownHostException) {
            return "no such host; check the name";
        }
        if (cause instanceof ConnectException) {
            return "the connection was refused; check that the server runs and the port is right";
        }
        if (cause instanceof WebSocketClientHandshakeException) {
            return "the server refused the websocket; check the path and that it speaks the subprotocol";
        }
        // Only our own messages: those of the system's failures name the address.
        String own = cause.getClass() == IOException.class ? cause.getMessage() : null;
        return own == null ? "the connection broke; check the network" : own;
    }

    private static boolean hasCause(Throwable thrown, Class<? extends Throwable> kind) {
        @Nullable Throwable each = thrown;
        for (int depth = 0; each != null && depth < DEEPEST_CAUSE; depth++) {
            if (kind.isInstance(each)) {
                return true;
            }
            each = each.getCause();
        }
        return false;
    }
}
