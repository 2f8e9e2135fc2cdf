package io.runnel.p2p.webrtc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs a main class of the tests in a JVM of its own: for what a process cannot do twice, or might not survive. */
final class ChildJvm {
    /**
     * How it ended.
     *
     * @param code exit code; 134 and the like where it crashed
     * @param output standard output and error
     */
    record Result(int code, String output) {}

    private ChildJvm() {}

    static Result run(Class<?> main, long timeoutSeconds, String... arguments)
            throws IOException, InterruptedException {
        return run(List.of(), main, timeoutSeconds, arguments);
    }

    /**
     * Runs it.
     *
     * @param prefix a command that starts the JVM, for example in another network namespace
     * @param arguments those that start with {@code -D} or {@code -X} go to the JVM
     */
    static Result run(List<String> prefix, Class<?> main, long timeoutSeconds, String... arguments)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("runnel-child", ".txt");
        try {
            List<String> command = new ArrayList<>(prefix);
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(
                    List.of("-Xmx256m", "-XX:-CreateCoredumpOnCrash", "-cp", System.getProperty("java.class.path")));
            command.add("-XX:ErrorFile=" + output + ".hs");
            List<String> options = Stream.of(arguments)
                    .filter(each -> each.startsWith("-D") || each.startsWith("-X"))
                    .toList();
            command.addAll(options);
            command.add(main.getName());
            Collections.addAll(command, arguments);
            command.subList(command.indexOf(main.getName()), command.size()).removeAll(options);
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(timeoutSeconds, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                return new Result(-1, "timed out; " + Files.readString(output));
            }
            return new Result(process.exitValue(), Files.readString(output));
        } finally {
            Files.deleteIfExists(output);
            Files.deleteIfExists(Path.of(output + ".hs"));
        }
    }
}
