package io.runnel.devserver.tls;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import io.runnel.devserver.state.StateFolder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.OptionalInt;

/**
 * The dev server's own certificate authority. It is made once and kept, so that clients that trust it go on trusting the
 * server after a restart; the server's certificate is issued afresh at each start.
 */
public final class DevCertificates {
    private static final String CA_CERTIFICATE = "ca.pem";
    private static final String CA_KEY = "ca.key";
    private static final Duration CA_LIFE = Duration.ofDays(825);
    private static final Duration LEAF_LIFE = Duration.ofDays(90);

    private DevCertificates() {}

    /** Where the authority's certificate is, in PEM: what a client is told to trust. */
    public static Path caCertificate(StateFolder folder) {
        return folder.file(CA_CERTIFICATE);
    }

    /**
     * A certificate for {@code localhost}, {@code 127.0.0.1}, {@code ::1} and the given host, and its key.
     *
     * @param host a further DNS name or IP literal
     */
    public static X509Bundle issue(StateFolder folder, String host) throws IOException {
        try {
            X509Bundle authority = authority(folder);
            Instant now = Instant.now();
            CertificateBuilder leaf = new CertificateBuilder()
                    .ecp256()
                    .subject("CN=localhost,O=Runnel dev server")
                    .notBefore(now.minus(Duration.ofHours(1)))
                    .notAfter(now.plus(LEAF_LIFE))
                    .setKeyUsage(true, KeyUsage.digitalSignature)
                    .addExtendedKeyUsageServerAuth()
                    .addSanDnsName("localhost")
                    .addSanIpAddress("127.0.0.1")
                    .addSanIpAddress("::1");
            addHost(leaf, host);
            return leaf.buildIssuedBy(authority);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("cannot make the server's certificate; remove ca.pem and ca.key to begin anew", e);
        }
    }

    private static void addHost(CertificateBuilder leaf, String host) {
        if (host.equals("localhost")) {
            return;
        }
        if (host.matches("[0-9.]+") || host.contains(":")) {
            leaf.addSanIpAddress(host);
        } else {
            leaf.addSanDnsName(host);
        }
    }

    private static X509Bundle authority(StateFolder folder) throws Exception {
        Path certificate = caCertificate(folder);
        Path key = folder.file(CA_KEY);
        if (Files.exists(certificate) && Files.exists(key)) {
            X509Certificate kept = readCertificate(certificate);
            if (kept.getNotAfter().toInstant().isAfter(Instant.now().plus(LEAF_LIFE))) {
                return X509Bundle.fromRootCertificateAuthority(
                        kept,
                        new KeyPair(
                                kept.getPublicKey(),
                                readKey(key, kept.getPublicKey().getAlgorithm())));
            }
        }
        X509Bundle fresh = createAuthority();
        folder.replace(key, fresh.getPrivateKeyPEM().getBytes(StandardCharsets.US_ASCII));
        folder.replace(certificate, fresh.getCertificatePEM().getBytes(StandardCharsets.US_ASCII));
        return fresh;
    }

    private static X509Bundle createAuthority() throws Exception {
        Instant now = Instant.now();
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=Runnel dev authority,O=Runnel dev server")
                .notBefore(now.minus(Duration.ofHours(1)))
                .notAfter(now.plus(CA_LIFE))
                .setIsCertificateAuthority(true)
                .setPathLengthConstraint(OptionalInt.of(0))
                .setKeyUsage(true, KeyUsage.keyCertSign, KeyUsage.cRLSign)
                .buildSelfSigned();
    }

    private static X509Certificate readCertificate(Path pem) throws IOException, GeneralSecurityException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(pem)));
    }

    private static PrivateKey readKey(Path pem, String algorithm) throws IOException, GeneralSecurityException {
        String body = Files.readString(pem, StandardCharsets.US_ASCII).replaceAll("-----[A-Z ]+-----|\\s", "");
        return KeyFactory.getInstance(algorithm)
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
    }
}
