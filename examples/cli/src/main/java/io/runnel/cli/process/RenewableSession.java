package io.runnel.cli.process;

import io.runnel.cli.client.Session;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The client of a worker, one after the other. Safe for use on any thread. */
public final class RenewableSession implements AutoCloseable {
    /** Begins a client. */
    public interface Opener {
        /** A client, whose store is as the one before has left it. */
        Session open() throws IOException;
    }

    private final Opener opener;
    private final @Nullable Path store;
    private Session current;
    private boolean closed;

    /**
     * Opens the first client.
     *
     * @param store the folder that clients keep their store in; null for one in memory
     */
    public RenewableSession(Opener opener, @Nullable Path store) throws IOException {
        this.opener = opener;
        this.store = store;
        this.current = opener.open();
    }

    synchronized Session current() {
        return current;
    }

    /** Ends the client and begins another with an empty store; after {@link #close} it begins none. */
    synchronized void renew() throws IOException {
        current.close();
        if (store != null) {
            Folders.delete(store);
        }
        if (!closed) {
            current = opener.open();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        current.close();
    }
}
