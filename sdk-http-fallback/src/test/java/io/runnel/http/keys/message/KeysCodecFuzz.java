package io.runnel.http.keys.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged fixtures either are refused in the one way or are messages that survive a round trip. */
final class KeysCodecFuzz {
    private static final int ROUNDS = 20_000;
    private static final String ALPHABET = "{}[]\",:0123456789abcdefABCDEF-_.+=\\ue\u0000\u00e9\ud800nulltrefas ";

    @Test
    void decode_damagedFixtures_neverFailsInAnotherWay() {
        long seed = Long.getLong("runnel.fuzz.seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> corpus = new ArrayList<>(Fixtures.client());
        corpus.addAll(Fixtures.server());
        int accepted = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String text = damage(corpus, random);
            try {
                accepted += survives(text) ? 1 : 0;
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("-Drunnel.fuzz.seed=" + seed + " round " + i + ": " + text, e);
            }
        }
        assertThat(accepted).isPositive();
    }

    private static boolean survives(String text) {
        boolean any = false;
        try {
            ClientMessage message = KeysCodec.decodeClient(text);
            assertThat(KeysCodec.decodeClient(KeysCodec.encode(message))).isEqualTo(message);
            any = true;
        } catch (MalformedMessageException expected) {
            // Refused: the usual end.
        }
        try {
            ServerMessage message = KeysCodec.decodeServer(text);
            assertThat(KeysCodec.decodeServer(KeysCodec.encode(message))).isEqualTo(message);
            any = true;
        } catch (MalformedMessageException expected) {
            // Refused: the usual end.
        }
        return any;
    }

    private static String damage(List<String> corpus, Random random) {
        StringBuilder text = new StringBuilder(corpus.get(random.nextInt(corpus.size())));
        for (int edits = random.nextInt(4); edits >= 0; edits--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(5)) {
                case 0 -> text.setCharAt(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
                case 1 -> text.insert(at, ALPHABET.charAt(random.nextInt(ALPHABET.length())));
                case 2 -> text.delete(at, Math.min(text.length() - 1, at + random.nextInt(8)));
                case 3 -> text.insert(at, text.substring(random.nextInt(at + 1), at));
                default -> {
                    String other = corpus.get(random.nextInt(corpus.size()));
                    text.insert(at, other.substring(random.nextInt(other.length())));
                }
            }
        }
        return text.toString();
    }
}
