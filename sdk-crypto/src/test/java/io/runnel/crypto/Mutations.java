package io.runnel.crypto;

import java.util.Arrays;
import java.util.Random;

/** Foreign bytes for fuzzing: valid ones damaged in some way, or nothing but noise. The same seed gives the same. */
public final class Mutations {
    private final Random random;

    public Mutations(long seed) {
        this.random = new Random(seed);
    }

    public Random random() {
        return random;
    }

    /** A damaged copy; never equal to the original. */
    public byte[] of(byte[] valid) {
        byte[] out;
        do {
            out = damaged(valid);
        } while (Arrays.equals(out, valid));
        return out;
    }

    private byte[] damaged(byte[] valid) {
        return switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(valid, random.nextInt(valid.length + 1));
            case 1 -> Arrays.copyOf(valid, valid.length + 1 + random.nextInt(100));
            case 2 -> noise(random.nextInt(2 * valid.length + 2));
            default -> changed(valid);
        };
    }

    private byte[] noise(int length) {
        byte[] out = new byte[length];
        random.nextBytes(out);
        return out;
    }

    private byte[] changed(byte[] valid) {
        byte[] out = valid.clone();
        for (int i = random.nextInt(4); i >= 0 && out.length > 0; i--) {
            int at = random.nextInt(out.length);
            switch (random.nextInt(3)) {
                case 0 -> out[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> out[at] = (byte) (random.nextBoolean() ? 0xFF : 0);
                default -> {
                    int length = Math.min(random.nextInt(64), out.length - at);
                    System.arraycopy(out, random.nextInt(out.length - length + 1), out, at, length);
                }
            }
        }
        return out;
    }
}
