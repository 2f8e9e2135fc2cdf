package io.runnel.http.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.junit.jupiter.api.Test;

final class InterimAnswersTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new InterimAnswers());

    @Test
    void read_sixteenBeforeEachAnswerOfAConnection_onlyTheAnswersPass() {
        for (int request = 0; request < 3; request++) {
            for (int i = 0; i < 16; i++) {
                read(HttpResponseStatus.EARLY_HINTS);
            }
            read(HttpResponseStatus.PARTIAL_CONTENT);
        }
        assertThat(channel.inboundMessages()).hasSize(6);
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void read_aSeventeenth_failsAndEndsTheConnection() {
        for (int i = 0; i < 16; i++) {
            read(HttpResponseStatus.EARLY_HINTS);
        }
        assertThatThrownBy(() -> read(HttpResponseStatus.EARLY_HINTS)).isInstanceOf(AttemptException.class);
        assertThat(channel.isOpen()).isFalse();
    }

    private void read(HttpResponseStatus status) {
        channel.writeInbound(new DefaultHttpResponse(HttpVersion.HTTP_1_1, status), LastHttpContent.EMPTY_LAST_CONTENT);
    }
}
