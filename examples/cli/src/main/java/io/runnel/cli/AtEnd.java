package io.runnel.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;

/** What is done as the process ends, by itself or by a signal. */
final class AtEnd {
    private static final Thread NO_HOOK = new Thread(() -> {}, "runnel-no-hook");

    private AtEnd() {}

    /** Whether the process ends by a signal, so that what fails now fails because of that. */
    static boolean begun() {
        try {
            // The JDK's only way to ask: it refuses once it has begun.
            Runtime.getRuntime().removeShutdownHook(NO_HOOK);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    /** Has this done at the end, after which nothing comes to standard output. */
    static void run(String thread, Runnable action) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            closeStandardOutput();
                            action.run();
                        },
                        thread));
    }

    /** The WebRTC library writes lines of its own to standard output while a process ends; nobody is to read them. */
    static void closeStandardOutput() {
        System.out.flush();
        // The JDK puts /dev/null in its place: no other file gets the descriptor.
        try (FileOutputStream output = new FileOutputStream(FileDescriptor.out)) {
            output.flush();
        } catch (IOException e) {
            // Then nobody reads it already.
        }
    }
}
