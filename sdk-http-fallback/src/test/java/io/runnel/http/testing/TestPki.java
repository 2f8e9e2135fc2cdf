package io.runnel.http.testing;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/** One test authority and the certificates it issued. */
public final class TestPki {
    private static final TestPki SHARED = new TestPki();

    private final X509Bundle authority;
    private final X509Bundle server;

    private TestPki() {
        try {
            authority = new CertificateBuilder()
                    .ecp256()
                    .subject("CN=Runnel test authority")
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
            server = issue("localhost");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The same for the whole JVM. */
    public static TestPki shared() {
        return SHARED;
    }

    /** The authority's certificate. */
    public X509Certificate authority() {
        return authority.getCertificate();
    }

    /** A certificate for localhost. */
    public X509Bundle server() {
        return server;
    }

    /** A certificate for this name. */
    public X509Bundle issue(String name) {
        try {
            return new CertificateBuilder()
                    .ecp256()
                    .subject("CN=" + name)
                    .addSanDnsName(name)
                    .addExtendedKeyUsageServerAuth()
                    .buildIssuedBy(authority);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** SHA-256 of the certificate's key, base64. */
    public static String pin(X509Bundle bundle) {
        try {
            byte[] key = bundle.getCertificate().getPublicKey().getEncoded();
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A server's context that speaks these protocols. */
    public static SslContext serverContext(X509Bundle bundle, List<String> alpn, String... protocols) {
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(
                            bundle.getKeyPair().getPrivate(), bundle.getCertificatePath())
                    .sslProvider(SslProvider.JDK)
                    .protocols(protocols.length == 0 ? new String[] {"TLSv1.3"} : protocols);
            if (!alpn.isEmpty()) {
                builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        alpn));
            }
            return builder.build();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
