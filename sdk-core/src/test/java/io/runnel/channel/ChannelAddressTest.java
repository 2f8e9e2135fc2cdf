package io.runnel.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelAddressTest {
    private static final String PATH = "/cdn/keys/v1";

    @ParameterizedTest
    @CsvSource({
        "https://host, wss://host/cdn/keys/v1",
        "HTTPS://host:8443/, wss://host:8443/cdn/keys/v1",
        "https://[::1]:8443, wss://[::1]:8443/cdn/keys/v1",
        "wss://host/cdn/keys/v1, wss://host/cdn/keys/v1",
        "WSS://host/elsewhere, WSS://host/elsewhere",
        "wss://host/, wss://host/",
        "https://host:1, wss://host:1/cdn/keys/v1",
        "wss://host:65535/x, wss://host:65535/x"
    })
    void of_serverOrChannel_isTheChannel(URI address, URI channel) {
        assertThat(ChannelAddress.of("server", address, PATH)).isEqualTo(channel);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host",
                "//host/cdn/keys/v1",
                "ws://host/cdn/keys/v1",
                "http://host",
                "https:/x",
                "https://host/api",
                "wss://host",
                "wss:///cdn/keys/v1",
                "https://host:0",
                "https://host:65536",
                "wss://host:99999/x",
                "https://me@host",
                "https://host?a=b",
                "wss://host/x?token=1",
                "wss://host/x#y"
            })
    void of_anythingElse_isRefusedAndSaysWhatIsExpected(URI address) {
        assertThatThrownBy(() -> ChannelAddress.of("server", address, PATH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("server: ")
                .hasMessageContaining("must be https://host[:port]")
                .hasMessageEndingWith(PATH);
    }

    @Test
    void of_addressThatMayHoldASecret_isNotQuoted() {
        assertThatThrownBy(() -> ChannelAddress.of("server", URI.create("https://user:hunter2@host"), PATH))
                .hasMessageStartingWith("server: must be https://");
        assertThatThrownBy(() -> ChannelAddress.of("server", URI.create("http://host"), PATH))
                .hasMessageStartingWith("server: http://host, must be https://");
    }
}
