package io.runnel.http.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.VerifyingKey;
import io.runnel.http.keys.message.ClientMessage;
import io.runnel.http.keys.message.ClientMessage.Play;
import io.runnel.http.keys.message.ClientMessage.RenewCredential;
import io.runnel.http.keys.message.ServerMessage.Denial;
import io.runnel.http.testing.ScriptedAppServer;
import io.runnel.sharing.SharingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The machine under random inputs in random order. */
final class KeysMachineFuzz {
    private static final BlobId BLOB = BlobId.parse("ab".repeat(32));
    private static final KeysLimits LIMITS = KeysLimits.usual(Duration.ofSeconds(10), Duration.ofSeconds(10));
    private static final VerifyingKey PEER = VerifyingKey.of(new byte[32]);
    private static final long SERVER_START = 1_000_000;
    private static final long START = 7_000;

    private final ScriptedAppServer server = new ScriptedAppServer("alice");

    /** Random inputs: every request is answered once, the machine always ends up asleep or with a later alarm. */
    @Test
    void anyInputs_inAnyOrder_answerEveryRequestOnce() {
        long seed = Long.getLong("runnel.fuzz.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 300; round++) {
            try {
                chaos(random);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("-Drunnel.fuzz.seed=" + seed + " round " + round, e);
            }
        }
    }

    private void chaos(SplittableRandom random) {
        RecordingEffects chaotic = new RecordingEffects();
        KeysMachine tried = new KeysMachine(
                new KeysMachine.Identity("alice", PEER), LIMITS, new SplittableRandom(random.nextLong()), chaotic);
        long time = START;
        long ids = 0;
        Set<Long> withdrawn = new HashSet<>();
        tried.open(time);
        for (int step = 0; step < 100; step++) {
            time += random.nextInt(4) == 0 ? random.nextInt(20_000) : 1;
            switch (random.nextInt(11)) {
                case 0 -> tried.grant(++ids, BLOB, time);
                case 1 -> tried.ticket(++ids, BLOB, time);
                case 2 -> tried.connected(token(), 123, time);
                case 3, 4 -> tried.message(anyMessage(random, chaotic), time);
                case 5 -> tried.closed(random.nextInt(20) == 0 ? 4403 : 1006, time);
                case 6 -> tried.unreachable("no way there", time);
                case 7 -> tried.flooded(time);
                case 8 -> {
                    long id = random.nextLong(ids + 1);
                    tried.withdraw(id);
                    withdrawn.add(id);
                }
                default -> tried.tick(time);
            }
        }
        tried.close();
        Set<Long> answered = new HashSet<>(chaotic.grants.keySet());
        answered.addAll(chaotic.tickets.keySet());
        answered.addAll(chaotic.refusals.keySet());
        for (long id = 1; id <= ids; id++) {
            assertThat(answered.contains(id) || withdrawn.contains(id))
                    .as("request " + id)
                    .isTrue();
        }
    }

    private String anyMessage(SplittableRandom random, RecordingEffects chaotic) {
        long[] requests = chaotic.sent.stream()
                .mapToLong(KeysMachineFuzz::request)
                .filter(r -> r > 0)
                .toArray();
        long request = requests.length == 0 ? 1 : requests[random.nextInt(requests.length)];
        return switch (random.nextInt(10)) {
            case 0 -> server.welcome(SERVER_START, SERVER_START + 40_000, "one", 3);
            case 1, 2 -> server.welcome(SERVER_START, 3);
            case 3 -> server.epoch(4);
            case 4 -> server.envelope(request, BLOB, random.nextLong(2, 5));
            case 5 -> server.denied(request, Denial.DENIED);
            case 6 -> server.credential(request, "two", SERVER_START + 80_000);
            case 8 -> server.mode(SharingMode.OFF);
            case 7 -> random.nextInt(30) == 0 ? server.revoked() : server.pong(SERVER_START);
            default -> server.envelope(request, BLOB, 3);
        };
    }

    private static long request(ClientMessage message) {
        if (message instanceof Play play) {
            return play.request();
        }
        return message instanceof RenewCredential renew ? renew.request() : 0;
    }

    private static SecretBytes token() {
        return SecretBytes.adopt("token".getBytes(StandardCharsets.UTF_8));
    }
}
