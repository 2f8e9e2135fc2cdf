package io.runnel.http.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.OpenSslContext;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The tests of real connections run twice, with the JDK's TLS and with BoringSSL: this tells that they do. */
final class ClientTlsTest {
    @Test
    void context_isBoringSslsWhereItIsThere() {
        SslContext context = new ClientTls(List.of(), Set.of(), false).context(List.of());

        // What Netty itself goes by.
        boolean withoutIt = Boolean.getBoolean("io.netty.handler.ssl.noOpenSsl");
        assertThat(context instanceof OpenSslContext).isEqualTo(!withoutIt);
    }
}
