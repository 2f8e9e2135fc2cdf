package io.runnel.http;

import io.runnel.http.tls.ClientTls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Whom a client trusts over TLS. A server's chain is always validated and its name always checked against the host;
 * these settings can only say which authorities count, and narrow it to pinned keys. TLS 1.3 unless 1.2 is allowed too.
 * Immutable.
 *
 * <p>TLS is the JDK's; Netty's BoringSSL is used instead where {@code io.netty:netty-tcnative-boringssl-static} is on
 * the class path.
 */
public final class TlsSettings {
    private static final TlsSettings DEFAULT = builder().build();

    private final ClientTls tls;

    private TlsSettings(ClientTls tls) {
        this.tls = tls;
    }

    /** The JDK's authorities, no pins, TLS 1.3. */
    public static TlsSettings defaults() {
        return DEFAULT;
    }

    /** Starts from {@link #defaults}. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts from these settings. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.trusted.addAll(tls.trusted());
        builder.pins.addAll(tls.pins());
        builder.allowTls12 = tls.allowTls12();
        return builder;
    }

    ClientTls clientTls() {
        return tls;
    }

    @Override
    public String toString() {
        return "TlsSettings[" + (tls.trusted().isEmpty() ? "JDK" : tls.trusted().size()) + " authorities, "
                + tls.pins().size() + " pins" + (tls.allowTls12() ? ", TLS 1.2 allowed]" : "]");
    }

    /** Collects the settings; not safe for use by several threads at once. */
    public static final class Builder {
        private final List<X509Certificate> trusted = new ArrayList<>();
        private final Set<String> pins = new HashSet<>();
        private boolean allowTls12;

        private Builder() {}

        /** Trusts this authority, and the JDK's no more. May be called again for more. */
        public Builder trust(X509Certificate authority) {
            trusted.add(Objects.requireNonNull(authority, "authority"));
            return this;
        }

        /** Trusts these authorities, and the JDK's no more. */
        public Builder trust(List<X509Certificate> authorities) {
            if (authorities.isEmpty()) {
                throw new IllegalArgumentException("authorities: none given, must be at least 1");
            }
            authorities.forEach(this::trust);
            return this;
        }

        /**
         * Trusts the authorities in a PEM file, and the JDK's no more. Reads the file at once.
         *
         * @throws IOException if the file cannot be read or holds no certificate
         */
        public Builder trustPem(Path file) throws IOException {
            try (InputStream in = Files.newInputStream(file)) {
                List<X509Certificate> found = new ArrayList<>();
                for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                    found.add((X509Certificate) each);
                }
                if (found.isEmpty()) {
                    throw new IOException(file.getFileName() + " holds no certificate: give a PEM file of authorities");
                }
                trusted.addAll(found);
                return this;
            } catch (CertificateException e) {
                throw new IOException(file.getFileName() + " is not a PEM file of certificates", e);
            }
        }

        /**
         * Accepts only servers with a pinned key, on top of all other checks. Pin a second key that is kept in reserve,
         * or a lost key locks every client out. May be called again for more.
         *
         * @param spkiSha256 SHA-256 of the server certificate's SubjectPublicKeyInfo (RFC 7469 section 2.4), base64
         */
        public Builder pin(String spkiSha256) {
            byte[] hash = decoded(Objects.requireNonNull(spkiSha256, "spkiSha256"));
            if (hash.length != 32) {
                throw new IllegalArgumentException("pin: " + hash.length + " bytes, must be 32 in base64");
            }
            pins.add(Base64.getEncoder().encodeToString(hash));
            return this;
        }

        private static byte[] decoded(String pin) {
            try {
                return Base64.getDecoder().decode(pin);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "pin: \"" + pin + "\", must be 32 bytes in base64 and nothing else, no sha256/ before it", e);
            }
        }

        /** Speaks TLS 1.2 to servers without 1.3; off by default. */
        public Builder allowTls12() {
            allowTls12 = true;
            return this;
        }

        /** The settings. */
        public TlsSettings build() {
            return new TlsSettings(new ClientTls(trusted, pins, allowTls12));
        }
    }
}
