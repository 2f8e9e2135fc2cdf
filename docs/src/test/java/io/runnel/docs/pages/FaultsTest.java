package io.runnel.docs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every row of the tables of faults names a test, and each test it names exists. */
class FaultsTest {
    private static final Pattern TEST = Pattern.compile("`(\\w+)\\.(\\w+)`");

    @Test
    void rows_nameTests_thatExist() throws IOException {
        Map<String, List<Path>> classes = testClasses();
        List<String> missing = new ArrayList<>();
        List<String> rows = rows();
        assertThat(rows).hasSizeGreaterThan(30);
        for (String row : rows) {
            String[] cells = row.split("\\|", -1);
            assertThat(cells).as(row).hasSize(6);
            Matcher test = TEST.matcher(cells[4]);
            int named = 0;
            while (test.find()) {
                named++;
                if (!isTest(classes.getOrDefault(test.group(1), List.of()), test.group(2))) {
                    missing.add(test.group());
                }
            }
            assertThat(named).as("tests of: %s", row).isPositive();
        }
        assertThat(missing).as("tests that do not exist").isEmpty();
    }

    /** The rows of all tables, without their heads. */
    private static List<String> rows() {
        return Page.named("docs/reliability.md").lines().stream()
                .filter(line -> line.startsWith("|")
                        && !line.startsWith("|---")
                        && !line.startsWith("| fault |")
                        && !line.startsWith("| what happens |"))
                .toList();
    }

    /** Whether a class has a method of that name with an annotation that makes it a test. */
    private static boolean isTest(List<Path> files, String method) throws IOException {
        Pattern declared = Pattern.compile(
                "@(Test|ParameterizedTest)\\b(?:(?!\\bvoid\\b).)*\\bvoid " + method + "\\(", Pattern.DOTALL);
        for (Path file : files) {
            if (declared.matcher(Files.readString(file)).find()) {
                return true;
            }
        }
        return false;
    }

    /** By simple name, which two modules may both use. */
    private static Map<String, List<Path>> testClasses() throws IOException {
        try (Stream<Path> files = Files.walk(Page.root())) {
            return files.filter(file -> file.toString().contains("/src/test/java/"))
                    .filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.groupingBy(
                            file -> file.getFileName().toString().replaceFirst("\\.java$", "")));
        }
    }
}
