package io.runnel.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The relays themselves, between plain sockets. */
@Timeout(20)
class RelayTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    @Test
    void tcp_anyLine_carriesBytesAndTheirEnd() throws IOException {
        byte[] sent = new byte[300_000];
        new Random(1).nextBytes(sent);
        try (ServerSocket server = new ServerSocket(0, 50, HERE);
                TcpRelay relay = new TcpRelay(server.getLocalPort());
                Socket client = new Socket(HERE, relay.port());
                Socket accepted = server.accept()) {
            relay.line(Line.perfect().delaying(Duration.ofMillis(5)).passing(20_000_000));
            client.getOutputStream().write(sent);
            client.shutdownOutput();
            assertThat(accepted.getInputStream().readAllBytes()).isEqualTo(sent);
            accepted.getOutputStream().write(7);
            accepted.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).containsExactly(7);
        }
    }

    @Test
    void tcp_limit_resetsAfterThatManyBytes() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, HERE);
                TcpRelay relay = new TcpRelay(server.getLocalPort())) {
            relay.limits(number -> 1000);
            try (Socket client = new Socket(HERE, relay.port());
                    Socket accepted = server.accept()) {
                accepted.getOutputStream().write(new byte[5000]);
                byte[] got = client.getInputStream().readNBytes(1000);
                assertThat(got).hasSize(1000);
                assertThatThrownBy(() -> client.getInputStream().readNBytes(1)).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void udp_sameSeed_losesTheSame() throws IOException {
        String first = arrivals(5);
        assertThat(first.length()).isBetween(20, 80);
        assertThat(arrivals(5)).isEqualTo(first);
        assertThat(arrivals(6)).isNotEqualTo(first);
    }

    /** Which of a hundred datagrams arrive where half is lost. */
    private static String arrivals(long seed) throws IOException {
        StringBuilder arrived = new StringBuilder();
        try (DatagramSocket client = new DatagramSocket(new InetSocketAddress(HERE, 0));
                DatagramSocket server = new DatagramSocket(new InetSocketAddress(HERE, 0));
                UdpRelay relay = new UdpRelay(seed)) {
            InetSocketAddress front = relay.inFrontOf(new InetSocketAddress(HERE, server.getLocalPort()));
            relay.line(Line.perfect().losing(0.5));
            for (int i = 0; i < 100; i++) {
                client.send(new DatagramPacket(new byte[] {(byte) i}, 1, front));
            }
            Awaitility.await().until(() -> relay.seen() == 100);
            relay.line(Line.perfect());
            client.send(new DatagramPacket(new byte[] {(byte) 100}, 1, front));
            byte[] got = new byte[1];
            while (got[0] != 100) {
                server.receive(new DatagramPacket(got, 1));
                arrived.append((char) ('0' + got[0]));
            }
        }
        return arrived.toString();
    }
}
