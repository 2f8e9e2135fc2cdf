package io.runnel.devserver.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
    @TempDir
    Path dir;

    private StateFolder folder;

    @BeforeEach
    void open() throws IOException {
        folder = StateFolder.open(dir.resolve("state"));
    }

    @Test
    void loadOrCreate_again_isTheSameToken() throws Exception {
        String token = Tokens.loadOrCreate(folder, "admin.token");

        assertThat(token).hasSize(43);
        assertThat(Tokens.loadOrCreate(folder, "admin.token")).isEqualTo(token);
    }

    /** Also bytes that are no text. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "short",
                "0123456789012345678901234567890123456789012=",
                "0123456789012345678901234567890123456789012\nmore",
                "\u00ff\u00fe"
            })
    void loadOrCreate_damagedFile_namesItAndWhatToDo(String content) throws Exception {
        Path file = folder.file("admin.token");
        Files.writeString(file, content, StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> Tokens.loadOrCreate(folder, "admin.token"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("remove it");
    }
}
