package io.runnel.http.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.runnel.http.testing.RecordingListener;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client's pipeline above TLS against Netty's server, joined by hand, in virtual time. */
final class KeepaliveTest {
    private static final String PROTOCOL = "runnel.test.v1";
    private static final Duration PING = Duration.ofSeconds(30);
    private static final WebSocketTimeouts TIMEOUTS =
            new WebSocketTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), PING);

    private final RecordingListener listener = new RecordingListener();
    private final PingCount pings = new PingCount();
    private final WebSocketSession session = new WebSocketSession("localhost", listener);
    private EmbeddedChannel client;
    private EmbeddedChannel server;

    @BeforeEach
    void upgrade() {
        server = new EmbeddedChannel(
                new HttpServerCodec(),
                new HttpObjectAggregator(1 << 16),
                pings,
                new WebSocketServerProtocolHandler("/", PROTOCOL));
        client = new EmbeddedChannel(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                WebSocketClient.fillAboveTls(
                        channel.pipeline(), URI.create("wss://localhost/"), PROTOCOL, TIMEOUTS, session);
            }
        });
        client.freezeTime();
        exchange();
        assertThat(session.opened()).isCompletedWithValue(session);
    }

    @AfterEach
    void end() {
        client.finishAndReleaseAll();
        server.finishAndReleaseAll();
    }

    @Test
    void silence_serverAnswersEachPing_channelStaysOpen() {
        for (int i = 1; i <= 10; i++) {
            pass(PING);
            assertThat(pings.seen).isEqualTo(i);
            exchange();
        }

        assertThat(listener.closed).isNotDone();
    }

    @Test
    void silence_messagesComeInTime_noPingIsSent() {
        for (int i = 1; i <= 10; i++) {
            pass(PING.dividedBy(2));
            server.writeOutbound(new TextWebSocketFrame("message"));
            exchange();
        }

        assertThat(pings.seen).isZero();
        assertThat(listener.messages).hasSize(10);
    }

    @Test
    void silence_noAnswerToThePing_channelIsBroken() {
        pass(PING);
        assertThat(pings.seen).isOne();
        assertThat(listener.closed).isNotDone();
        server.releaseOutbound();
        pass(PING);

        assertThat(listener.closed).isCompletedWithValue(1006);
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void close_serverOnlyPings_connectionIsEndedSoon() {
        session.close(1000, "done");
        client.runPendingTasks();
        client.releaseOutbound();
        pass(Duration.ofSeconds(1));
        server.writeOutbound(new PingWebSocketFrame());
        carry(server, client);
        assertThat(client.isOpen()).isTrue();
        pass(Duration.ofSeconds(1));

        assertThat(client.isOpen()).isFalse();
        assertThat(listener.closed).isCompletedWithValue(1000);
    }

    @Test
    void closedByTheServer_connectionLeftOpen_isEndedSoon() {
        server.writeOutbound(new CloseWebSocketFrame(1001, "later"));
        carry(server, client);
        assertThat(client.isOpen()).isTrue();
        client.releaseOutbound();
        pass(Duration.ofSeconds(2));

        assertThat(client.isOpen()).isFalse();
        assertThat(listener.closed).isCompletedWithValue(1001);
    }

    /** Lets time pass at the client and carries what it then says to the server, but no answer back. */
    private void pass(Duration time) {
        client.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        client.runScheduledPendingTasks();
        client.runPendingTasks();
        carry(client, server);
    }

    /** Carries bytes both ways until neither side has more to say. */
    private void exchange() {
        boolean more = true;
        while (more) {
            boolean asked = carry(client, server);
            more = carry(server, client) || asked;
            client.runPendingTasks();
            server.runPendingTasks();
        }
    }

    private static boolean carry(EmbeddedChannel from, EmbeddedChannel to) {
        boolean carried = false;
        for (Object bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
            to.writeInbound(bytes);
            carried = true;
        }
        return carried;
    }

    private static final class PingCount extends ChannelInboundHandlerAdapter {
        private int seen;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof PingWebSocketFrame) {
                seen++;
            }
            ctx.fireChannelRead(message);
        }
    }
}
