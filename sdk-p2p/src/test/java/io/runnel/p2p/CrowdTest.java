package io.runnel.p2p;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.channel.ChannelConnector;
import io.runnel.channel.TextChannel;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.p2p.HostileTransport.Manner;
import io.runnel.p2p.signalling.message.SwarmProtocol;
import io.runnel.p2p.transport.PeerTransport;
import io.runnel.p2p.webrtc.WebRtcTransport;
import io.runnel.source.TestBlob;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hostile peers by the hundred over real data channels; the viewer is a process of its own with a small heap. */
@Timeout(180)
class CrowdTest {
    private static final int HOSTILE = 200;
    /** More than the viewer has room for at a time; the silent ones are never sources and do not count. */
    private static final int ENOUGH = 80;

    private final byte[] issuer = random();
    private final byte[] collection = random();
    private final byte[] viewer = random();
    private final LocalSwarm local = new LocalSwarm(SigningIdentity.fromSeed(secret(issuer)), secret(collection));
    private final TestBlob blob = CrowdMain.blob();
    private Process process;

    private static byte[] random() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static SecretBytes secret(byte[] bytes) {
        return SecretBytes.adopt(bytes.clone());
    }

    @AfterEach
    void close() throws Exception {
        process.destroyForcibly();
        local.close();
    }

    @Test
    void fetch_200HostilePeersIn64Megabytes_completesFromTheHonestOne() throws Exception {
        try (SigningIdentity identity = SigningIdentity.fromSeed(secret(viewer))) {
            local.tracker.introduceOnlyTo(identity.publicKey());
        }
        PeerTransport transport = new WebRtcTransport(List.of(), 4, Long.MAX_VALUE);
        Manner[] manners = Manner.values();
        for (int i = 0; i < HOSTILE; i++) {
            join(new HostileTransport(transport, manners[i % manners.length], i));
        }
        start();
        String result = follow();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(result).startsWith(CrowdMain.RESULT + "true ");
        System.out.println(result);
    }

    private void join(PeerTransport transport) {
        local.member(transport, 1).swarm().attach(blob.shared(), new Sources());
    }

    private void start() throws IOException {
        HexFormat hex = HexFormat.of();
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-XX:-CreateCoredumpOnCrash",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrowdMain.class.getName(),
                        hex.formatHex(issuer),
                        hex.formatHex(viewer),
                        hex.formatHex(collection),
                        String.valueOf(ENOUGH))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Stands between the viewer and the tracker until the viewer ends; what it says then. */
    private String follow() throws Exception {
        String result = "no result";
        try (PrintStream toViewer = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
                BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            TextChannel channel = local.tracker
                    .connect(LocalTracker.ADDRESS, SwarmProtocol.SUBPROTOCOL, new ToViewer(toViewer))
                    .join();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(CrowdMain.TRACKER)) {
                    channel.send(line.substring(CrowdMain.TRACKER.length()));
                } else if (line.equals(CrowdMain.ENOUGH)) {
                    join(new WebRtcTransport(List.of()));
                } else if (line.startsWith(CrowdMain.RESULT)) {
                    result = line;
                }
            }
        }
        return result;
    }

    private record ToViewer(PrintStream out) implements ChannelConnector.Listener {
        @Override
        public void message(String text) {
            out.println(text);
        }

        @Override
        public void closed(int code, String reason) {}
    }
}
