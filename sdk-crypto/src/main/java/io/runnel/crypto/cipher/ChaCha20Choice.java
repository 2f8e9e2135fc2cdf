package io.runnel.crypto.cipher;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the provider of bulk ChaCha20, once per process: the fastest that passes a known-answer test. The JDK's own is
 * the fastest where it has an intrinsic (JDK 20 and later on x86-64 and AArch64) and slow elsewhere, where plain lanes
 * win. The system property {@value #PROPERTY} names another first.
 */
final class ChaCha20Choice {
    static final String PROPERTY = "runnel.chacha20";

    private static final Logger LOG = LoggerFactory.getLogger(ChaCha20Choice.class);
    private static final int FIRST_JDK_WITH_INTRINSIC = 20;

    private ChaCha20Choice() {}

    static ChaCha20 chosen() {
        return Holder.CHOSEN;
    }

    /** All providers, the one likely fastest first. */
    static List<ChaCha20> candidates(int jdk, String architecture) {
        String arch = architecture.toLowerCase(Locale.ROOT);
        boolean intrinsic = jdk >= FIRST_JDK_WITH_INTRINSIC
                && List.of("amd64", "x86_64", "aarch64").contains(arch);
        ChaCha20 lanes = new LanesChaCha20();
        ChaCha20 jce = new JceChaCha20();
        ChaCha20 bouncyCastle = new BouncyCastleChaCha20();
        return intrinsic ? List.of(jce, lanes, bouncyCastle) : List.of(lanes, jce, bouncyCastle);
    }

    /**
     * The named candidate if it works, else the first that does.
     *
     * @param name from the system property; empty for none
     */
    static ChaCha20 choose(String name, List<ChaCha20> candidates) {
        if (!name.isEmpty()
                && candidates.stream().noneMatch(candidate -> candidate.name().equals(name))) {
            LOG.warn("{}: no provider has this name; use lanes, jce or bouncycastle", PROPERTY);
        }
        ChaCha20 chosen = candidates.stream()
                .filter(candidate -> candidate.name().equals(name))
                .filter(ChaCha20Choice::works)
                .findFirst()
                .or(() -> candidates.stream().filter(ChaCha20Choice::works).findFirst())
                .orElseThrow(() -> new IllegalStateException("no provider of ChaCha20 passes its known-answer test"));
        LOG.info("ChaCha20 by {} (system property {} chooses another)", chosen.name(), PROPERTY);
        return chosen;
    }

    /** The known answer of RFC 8439 section 2.4.2. */
    static boolean works(ChaCha20 candidate) {
        byte[] key = new byte[XChaCha20.KEY_BYTES];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        byte[] nonce = HexFormat.of().parseHex("000000000000004a00000000");
        byte[] expected = HexFormat.of().parseHex(Holder.KNOWN_KEYSTREAM);
        byte[] actual = new byte[expected.length];
        try (ChaCha20.Keystream keystream = candidate.keystream(key, nonce)) {
            keystream.xor(1, actual, 0, actual.length);
            return Arrays.equals(actual, expected);
        } catch (IllegalStateException e) {
            LOG.debug("ChaCha20 by {} is not usable", candidate.name(), e);
            return false;
        }
    }

    private static final class Holder {
        static final String KNOWN_KEYSTREAM = "224f51f3401bd9e12fde276fb8631ded8c131f823d2c06e27e4fcaec9ef3cf78"
                + "8a3b0aa372600a92b57974cded2b9334794cba40c63e34cdea212c4cf07d41b7"
                + "69a6749f3f630f4122cafe28ec4dc47e26d4346d70b98c73f3e9c53ac40c5945"
                + "398b6eda1a832c89c167eacd901d7e2bf363";
        static final ChaCha20 CHOSEN = choose(
                System.getProperty(PROPERTY, ""),
                candidates(Runtime.version().feature(), System.getProperty("os.arch", "")));
    }
}
