package io.runnel.http.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Accepts what another trust manager accepts, if the server's own key is pinned. Only the server's certificate is
 * looked at: a chain may carry certificates that prove nothing, and to pin an authority is to trust no other.
 */
final class PinningTrustManager extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager chain;
    private final Set<String> pins;

    PinningTrustManager(X509ExtendedTrustManager chain, Set<String> pins) {
        this.chain = chain;
        this.pins = pins;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] certificates, String authType, SSLEngine engine)
            throws CertificateException {
        chain.checkServerTrusted(certificates, authType, engine);
        checkPinned(certificates);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] certificates, String authType, Socket socket)
            throws CertificateException {
        chain.checkServerTrusted(certificates, authType, socket);
        checkPinned(certificates);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] certificates, String authType) throws CertificateException {
        throw new CertificateException("refused: no connection to check the host's name against");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] certificates, String authType) throws CertificateException {
        throw new CertificateException("refused: this is a client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] certificates, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(certificates, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] certificates, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(certificates, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chain.getAcceptedIssuers();
    }

    private void checkPinned(X509Certificate[] certificates) throws CertificateException {
        if (!pins.contains(pinOf(certificates[0]))) {
            throw new CertificateException("the server's key is not pinned");
        }
    }

    /** SHA-256 of the SubjectPublicKeyInfo, base64 (RFC 7469 section 2.4). */
    static String pinOf(X509Certificate certificate) throws CertificateException {
        try {
            byte[] key = certificate.getPublicKey().getEncoded();
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
        } catch (GeneralSecurityException e) {
            throw new CertificateException("SHA-256 is missing", e);
        }
    }
}
