package io.runnel.http.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

final class ConnectFailuresTest {
    private final SSLHandshakeException handshake =
            new SSLHandshakeException("Received fatal alert: handshake_failure");

    @Test
    void advice_handshakeFailsInARuntimeWithoutEllipticCurves_namesTheModuleAlone() {
        assertThat(ConnectFailures.advice(handshake, false))
                .contains("jdk.crypto.ec")
                .doesNotContain("1.3", "certificate");
    }

    @Test
    void advice_handshakeFailsInAnyOtherRuntime_isToCheckTheServer() {
        assertThat(ConnectFailures.advice(handshake, true)).contains("TLS 1.3").doesNotContain("jdk.crypto.ec");
        assertThat(ConnectFailures.describe("host", handshake))
                .hasMessageContaining("TLS 1.3")
                .hasCause(handshake);
    }

    @Test
    void advice_otherTlsFailuresWithoutEllipticCurves_areAsInAnyOtherRuntime() {
        SSLException untrusted = new SSLHandshakeException("untrusted");
        untrusted.initCause(new CertificateException("untrusted"));
        for (SSLException each :
                new SSLException[] {untrusted, new SSLException("broken"), new SslHandshakeTimeoutException("late")}) {
            assertThat(ConnectFailures.advice(each, false)).isEqualTo(ConnectFailures.advice(each, true));
        }
    }

    @Test
    void advice_handshakeTakesTooLong_isToCheckTheNetwork() {
        assertThat(ConnectFailures.advice(new SslHandshakeTimeoutException("late"), true))
                .isEqualTo("no answer in time; check the network and the port");
    }
}
