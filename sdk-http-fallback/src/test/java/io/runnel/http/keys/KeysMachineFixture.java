package io.runnel.http.keys;

import static io.runnel.http.testing.ScriptedAppServer.BLOB_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.VerifyingKey;
import io.runnel.http.keys.message.ClientMessage.Play;
import io.runnel.http.retry.FullJitter;
import io.runnel.http.testing.ScriptedAppServer;
import io.runnel.keys.BlobGrant;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The machine with a scripted server in virtual time: ours starts at 7 s, the server's at 1,000 s into 1970. */
abstract class KeysMachineFixture {
    static final BlobId BLOB = BlobId.parse("ab".repeat(32));
    static final KeysLimits LIMITS = new KeysLimits(
            10_000, 10_000, 5_000, 60_000, new FullJitter(Duration.ofSeconds(1), Duration.ofSeconds(60)));
    static final VerifyingKey PEER = VerifyingKey.of(new byte[32]);
    static final long SERVER_START = 1_000_000;
    static final long START = 7_000;

    final ScriptedAppServer server = new ScriptedAppServer("alice");
    final RecordingEffects effects = new RecordingEffects();
    final KeysMachine machine = machine(PEER);
    long now = START;

    KeysMachine machine(@Nullable VerifyingKey peerKey) {
        return new KeysMachine(new KeysMachine.Identity("alice", peerKey), LIMITS, new SplittableRandom(5), effects);
    }

    void connect() {
        machine.open(now);
        machine.connected(token(), 123, now);
    }

    void openSession(long... epochs) {
        connect();
        machine.message(server.welcome(SERVER_START, epochs), now);
    }

    void openSwarmSession() {
        connect();
        machine.message(server.welcome(SERVER_START, SERVER_START + 600_000, "one", 3), now);
    }

    long play() {
        return effects.last(Play.class).request();
    }

    /** Lets time pass, ticking whenever the machine wants it; a machine that wants too much is stuck. */
    void pass(long millis) {
        long until = now + millis;
        for (int steps = 0; machine.nextWakeMillis() <= until; steps++) {
            assertThat(steps).as("ticks").isLessThan(10_000);
            now = Math.max(now, machine.nextWakeMillis());
            machine.tick(now);
        }
        now = until;
    }

    void assertGranted(long id) {
        BlobGrant grant = effects.grants.get(id);
        assertThat(grant).as("refusals " + effects.refusals).isNotNull();
        assertThat(grant.key()).isEqualTo(server.blobKey());
        assertThat(grant.sizeBytes()).isEqualTo(BLOB_BYTES);
    }

    static SecretBytes token() {
        return SecretBytes.adopt("token".getBytes(StandardCharsets.UTF_8));
    }
}
