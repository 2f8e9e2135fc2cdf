package io.runnel.http.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client trusts and speaks.
 *
 * @param trusted certificates of the authorities; empty for the JDK's own
 * @param pins SHA-256 of the server's key, base64 as in RFC 7469; empty where any trusted server will do
 * @param allowTls12 whether TLS 1.2 may be spoken to a server without 1.3
 */
public record ClientTls(List<X509Certificate> trusted, Set<String> pins, boolean allowTls12) {
    private static final Logger LOG = LoggerFactory.getLogger(ClientTls.class);

    /** Keeps copies. */
    public ClientTls {
        trusted = List.copyOf(trusted);
        pins = Set.copyOf(pins);
    }

    /**
     * A context for connections of these settings.
     *
     * @param alpn the application protocols to offer, most wanted first; empty for none
     * @throws IllegalStateException if this JVM cannot do TLS as asked
     */
    public SslContext context(List<String> alpn) {
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(provider())
                .trustManager(trustManager())
                .endpointIdentificationAlgorithm("HTTPS")
                .protocols(allowTls12 ? List.of("TLSv1.3", "TLSv1.2") : List.of("TLSv1.3"))
                .clientAuth(ClientAuth.NONE);
        if (!alpn.isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    alpn));
        }
        try {
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS cannot be set up in this JVM: " + e.getMessage(), e);
        }
    }

    private X509ExtendedTrustManager trustManager() {
        X509ExtendedTrustManager chain = TrustManagers.of(trusted);
        return pins.isEmpty() ? chain : new PinningTrustManager(chain, pins);
    }

    private static SslProvider provider() {
        boolean openSsl = OpenSsl.isAvailable() && SslProvider.isTlsv13Supported(SslProvider.OPENSSL);
        LOG.debug("TLS by {}", openSsl ? OpenSsl.versionString() : "the JDK");
        return openSsl ? SslProvider.OPENSSL : SslProvider.JDK;
    }
}
