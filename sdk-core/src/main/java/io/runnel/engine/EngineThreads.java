package io.runnel.engine;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the threads of a client: daemons named {@code runnel-<role>-<n>}. */
public final class EngineThreads {
    private EngineThreads() {}

    /** A factory of threads for one role. */
    public static ThreadFactory named(String role) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "runnel-" + role + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
