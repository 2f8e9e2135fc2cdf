package io.runnel.docs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every block of Java in the documents is a copy of a region of a file that compiles here: the comment before the block
 * reads {@code snippet: File.java region}, and the file has the region between {@code // snippet: region} and
 * {@code // end}.
 */
class SnippetsTest {
    private static final Pattern MARKER = Pattern.compile("snippet: (\\w+\\.java) (\\w+)");

    private static final Path SOURCES = Page.root().resolve("docs/src/test/java/io/runnel/docs/snippets");

    static List<Page> pages() throws IOException {
        return Page.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void javaBlocks_areCopies_ofCodeThatCompiles(Page page) throws IOException {
        for (Page.Block block : page.blocks()) {
            if (block.language().equals("java")) {
                String place = page + ":" + block.firstLine();
                Matcher marker = MARKER.matcher(block.marker());
                assertThat(marker.matches()).as("%s has a marker", place).isTrue();
                assertThat(block.text()).as(place).isEqualTo(region(marker.group(1), marker.group(2)));
            }
        }
    }

    private static String region(String file, String name) throws IOException {
        List<String> lines = Files.readAllLines(SOURCES.resolve(file));
        int start = indexOf(lines, 0, "// snippet: " + name);
        int end = indexOf(lines, start, "// end");
        return String.join("\n", lines.subList(start + 1, end)).stripIndent();
    }

    private static int indexOf(List<String> lines, int from, String marker) {
        for (int i = from; i < lines.size(); i++) {
            if (lines.get(i).strip().equals(marker)) {
                return i;
            }
        }
        throw new AssertionError("no line reads \"" + marker + "\"");
    }
}
