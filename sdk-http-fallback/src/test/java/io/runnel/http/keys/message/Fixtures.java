package io.runnel.http.keys.message;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Reads the message fixtures: one message a line, comments aside. */
final class Fixtures {
    private Fixtures() {}

    static List<String> client() {
        return lines("/wire/keys-client.txt");
    }

    static List<String> server() {
        return lines("/wire/keys-server.txt");
    }

    private static List<String> lines(String resource) {
        try (InputStream in = Objects.requireNonNull(Fixtures.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
