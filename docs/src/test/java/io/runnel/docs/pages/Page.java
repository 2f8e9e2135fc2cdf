package io.runnel.docs.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One Markdown document of the repository. */
record Page(Path file, List<String> lines) {
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");

    /**
     * A fenced block.
     *
     * @param language what follows the opening fence
     * @param marker the comment on the line before the fence, without its brackets; empty where there is none
     * @param firstLine of the text, counted from 1
     */
    record Block(String language, String marker, int firstLine, List<String> lines) {
        String text() {
            return String.join("\n", lines);
        }
    }

    static Path root() {
        return Path.of(System.getProperty("runnel.root"));
    }

    /** All documents, by name. */
    static List<Page> all() throws IOException {
        List<Path> files = new ArrayList<>(List.of(root().resolve("README.md")));
        for (String folder : List.of("docs", ".github", "examples")) {
            try (Stream<Path> found = Files.walk(root().resolve(folder))) {
                found.filter(file -> file.toString().endsWith(".md"))
                        .filter(file -> !root().relativize(file).toString().contains("target"))
                        .sorted()
                        .forEach(files::add);
            }
        }
        return files.stream().map(Page::read).toList();
    }

    static Page named(String name) {
        return read(root().resolve(name));
    }

    private static Page read(Path file) {
        try {
            return new Page(file, Files.readAllLines(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("```")) {
                int end = i + 1;
                while (!lines.get(end).equals("```")) {
                    end++;
                }
                String before = i == 0 ? "" : lines.get(i - 1);
                String marker = before.startsWith("<!--")
                        ? before.replaceAll("^<!--|-->$", "").strip()
                        : "";
                blocks.add(new Block(lines.get(i).substring(3), marker, i + 2, lines.subList(i + 1, end)));
                i = end;
            }
        }
        return blocks;
    }

    /** The targets of all links that stay in the repository. */
    List<String> relativeLinks() {
        return prose().flatMap(line -> LINK.matcher(line).results())
                .map(match -> match.group(1))
                .filter(target -> !target.matches("[a-z]+:.*"))
                .toList();
    }

    /** The anchors of the headings, as GitHub makes them. */
    Set<String> anchors() {
        return prose().filter(line -> line.matches("#{1,6} .*"))
                .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    /** The words in back-quotes of the prose and the tables. */
    Set<String> codeWords() {
        Pattern code = Pattern.compile("`([^`]+)`");
        return prose().map(code::matcher)
                .flatMap(Matcher::results)
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
    }

    private Stream<String> prose() {
        List<String> outside = new ArrayList<>();
        boolean fenced = false;
        for (String line : lines) {
            if (line.startsWith("```")) {
                fenced = !fenced;
            } else if (!fenced) {
                outside.add(line);
            }
        }
        return outside.stream();
    }

    @Override
    public String toString() {
        return root().relativize(file).toString();
    }
}
