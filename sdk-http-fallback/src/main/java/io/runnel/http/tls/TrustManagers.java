package io.runnel.http.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Makes the JDK's own trust manager for a list of certificates. */
final class TrustManagers {
    private TrustManagers() {}

    /** Trusts chains that end in one of these; in one of the JDK's authorities where there are none. */
    static X509ExtendedTrustManager of(List<X509Certificate> trusted) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(trusted.isEmpty() ? null : keyStore(trusted));
            for (TrustManager manager : factory.getTrustManagers()) {
                // Only the extended kind checks the host's name.
                if (manager instanceof X509ExtendedTrustManager extended) {
                    return extended;
                }
            }
            throw new IllegalStateException("this JVM has no trust manager that checks host names");
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the trusted certificates cannot be used: " + e.getMessage(), e);
        }
    }

    private static KeyStore keyStore(List<X509Certificate> trusted) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int i = 0; i < trusted.size(); i++) {
            store.setCertificateEntry("trusted-" + i, trusted.get(i));
        }
        return store;
    }
}
