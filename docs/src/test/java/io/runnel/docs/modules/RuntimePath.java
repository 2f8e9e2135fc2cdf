package io.runnel.docs.modules;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The jars a program has at run time, as the build wrote them down. */
record RuntimePath(List<Path> entries) {
    /** Those of an app with every module of the SDK. */
    static RuntimePath ofAnApp() throws IOException {
        return read("runnel.runtime.path");
    }

    /** Those of the examples, and of these tests. */
    static RuntimePath withExamples() throws IOException {
        return read("runnel.examples.path");
    }

    private static RuntimePath read(String property) throws IOException {
        String paths = Files.readString(Path.of(System.getProperty(property))).strip();
        return new RuntimePath(
                Stream.of(paths.split(File.pathSeparator)).map(Path::of).toList());
    }

    /** This path without the entries whose path contains the text, as of an app that leaves a dependency out. */
    RuntimePath without(String text) {
        return new RuntimePath(entries.stream()
                .filter(entry -> !entry.toString().contains(text))
                .toList());
    }

    RuntimePath and(Path entry) {
        return new RuntimePath(Stream.concat(entries.stream(), Stream.of(entry)).toList());
    }

    /** As an argument of {@code --module-path}. */
    @Override
    public String toString() {
        return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
}
