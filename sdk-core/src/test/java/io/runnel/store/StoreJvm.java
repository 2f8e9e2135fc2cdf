package io.runnel.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of its own that uses a store: {@link StoreMain}. */
final class StoreJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    private StoreJvm(Process process) {
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static StoreJvm start(String... arguments) throws IOException {
        return startUnder(List.of(), arguments);
    }

    /** Starts it by way of another command, which is given the JVM's command line behind its own. */
    static StoreJvm startUnder(List<String> wrapper, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-Xshare:auto", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=error"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), StoreMain.class.getName()));
        command.addAll(List.of(arguments));
        return new StoreJvm(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The next line it prints, or null where it has ended. */
    String line() throws IOException {
        return out.readLine();
    }

    /** Waits so long, or until it ends. */
    void await(long millis) throws InterruptedException {
        process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /** Ends it as {@code kill -9} does. */
    void kill() throws InterruptedException {
        // Not the process's own method, which would also throw away what it printed.
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    /** All it prints until it ends. */
    List<String> output() throws IOException, InterruptedException {
        List<String> lines = out.lines().toList();
        process.waitFor();
        return lines;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
