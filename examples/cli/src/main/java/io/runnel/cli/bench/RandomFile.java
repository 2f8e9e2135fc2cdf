package io.runnel.cli.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** A file of bytes that do not compress, the same for the same seed. */
final class RandomFile {
    private static final int PIECE_BYTES = 1 << 20;

    private RandomFile() {}

    static Path create(Path folder, long sizeBytes, long seed) throws IOException {
        Path file = folder.resolve("random.bin");
        SplittableRandom random = new SplittableRandom(seed);
        byte[] piece = new byte[PIECE_BYTES];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long left = sizeBytes; left > 0; left -= piece.length) {
                random.nextBytes(piece);
                out.write(piece, 0, (int) Math.min(left, piece.length));
            }
        }
        return file;
    }
}
