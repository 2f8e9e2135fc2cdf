package io.runnel.http.threads;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes daemon threads named {@code runnel-<role>-<n>}, n from 1, on which Netty's thread locals are fast. */
public final class DaemonThreads extends DefaultThreadFactory {
    private final String role;
    private final AtomicInteger count = new AtomicInteger();

    private DaemonThreads(String role) {
        super("runnel-" + role, true);
        this.role = role;
    }

    /** A factory with a count of its own. */
    public static ThreadFactory named(String role) {
        return new DaemonThreads(role);
    }

    @Override
    protected Thread newThread(Runnable task, String ignored) {
        return super.newThread(task, "runnel-" + role + "-" + count.incrementAndGet());
    }
}
