package io.runnel.devserver.state;

import io.runnel.crypto.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Bearer tokens: 32 random bytes in base64url, compared and stored by their SHA-256. */
public final class Tokens {
    /** Longest token looked at, in characters. */
    public static final int MAX_LENGTH = 256;

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}");

    private Tokens() {}

    /** A fresh token of 43 characters. */
    public static String fresh() {
        try (SecretBytes secret = SecretBytes.random(32)) {
            return secret.read(bytes -> Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        }
    }

    /**
     * The token kept in a file, drawn when it is first asked for.
     *
     * @throws IOException if the file holds anything else than such a token: an empty one would let in anybody
     */
    public static String loadOrCreate(StateFolder folder, String fileName) throws IOException {
        Path file = folder.file(fileName);
        try {
            String token = Files.readString(file, StandardCharsets.ISO_8859_1).trim();
            if (!FORM.matcher(token).matches()) {
                throw new IOException(
                        file + " holds no token of 43 characters of [A-Za-z0-9_-]: restore it from a backup,"
                                + " or remove it and start the server, which draws another");
            }
            return token;
        } catch (NoSuchFileException absent) {
            String token = fresh();
            folder.replace(file, (token + "\n").getBytes(StandardCharsets.UTF_8));
            return token;
        }
    }

    /** The SHA-256 of a token, in hexadecimal: what may be stored. */
    public static String hash(String token) {
        return HexFormat.of().formatHex(sha256(token));
    }

    /** Whether the offered token has this hash, in time that does not depend on where they differ. */
    public static boolean matches(String offered, String expectedHash) {
        return offered.length() <= MAX_LENGTH
                && MessageDigest.isEqual(
                        hash(offered).getBytes(StandardCharsets.US_ASCII),
                        expectedHash.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
