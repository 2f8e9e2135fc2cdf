package io.runnel.cli.client;

import io.runnel.Blob;
import io.runnel.Runnel;
import io.runnel.crypto.BlobId;
import io.runnel.fetch.FetchListener;
import io.runnel.store.BlobStore;
import io.runnel.store.DiskBlobStore;
import io.runnel.store.DiskStoreSettings;
import io.runnel.store.MemoryBlobStore;
import java.io.IOException;
import java.nio.file.Path;

/** A client of one server, built from the SDK's parts as an app builds it. Safe for use on any thread. */
public final class Session implements AutoCloseable {
    private static final long MEMORY_BYTES = 64L << 20;

    /** The user names the folder and empties it: nothing in it is dropped. */
    private static final long DISK_BYTES = 1L << 50;

    private final Runnel runnel;
    private final Adapters adapters;
    private final SessionLog log;
    private final CorruptingStore store;
    private final boolean corrupt;

    private Session(Runnel runnel, Adapters adapters, SessionLog log, CorruptingStore store, boolean corrupt) {
        this.runnel = runnel;
        this.adapters = adapters;
        this.log = log;
        this.store = store;
        this.corrupt = corrupt;
    }

    /** Starts a client; what it needs of the server it asks for when a blob is opened. */
    public static Session open(ServerAccess access, SessionSettings settings, FetchListener listener)
            throws IOException {
        return open(access, settings, store(settings), listener);
    }

    /** Starts a client with a store of its own, which it closes; the settings' store is not looked at. */
    public static Session open(ServerAccess access, SessionSettings settings, BlobStore kept, FetchListener listener)
            throws IOException {
        Adapters adapters = new Adapters(access);
        SessionLog log = new SessionLog(listener);
        CorruptingStore store = new CorruptingStore(kept);
        Runnel.Builder builder = Runnel.builder().store(store).listener(log).settings(settings.fetchSettings());
        adapters.attach(builder, access, settings);
        return new Session(builder.build(), adapters, log, store, settings.corrupt());
    }

    private static BlobStore store(SessionSettings settings) throws IOException {
        Path folder = settings.store();
        return folder == null
                ? new MemoryBlobStore(MEMORY_BYTES)
                : DiskBlobStore.open(folder, DiskStoreSettings.defaults().withMaxBytes(DISK_BYTES));
    }

    /** Opens a blob and closes it again: its key was given. */
    public void open(BlobId id) throws IOException {
        runnel.open(id).close();
    }

    /** Downloads a blob's plaintext, through a file beside the output that is moved there when it is whole. */
    public GetReport get(BlobId id, Path output, FetchProgress progress) throws IOException {
        return new Download(runnel, id, output, log::liars).run(progress);
    }

    /** Fetches a blob into the store; on return it is whole, and served until the seeding is closed. */
    public Seeding seed(BlobId id, FetchProgress progress) throws IOException {
        Blob blob = runnel.open(id);
        try {
            blob.seeding(true);
            Seeding seeding = new Seeding(blob).complete(progress);
            if (corrupt) {
                store.lie();
            }
            return seeding;
        } catch (IOException | RuntimeException e) {
            blob.close();
            throw e;
        }
    }

    /** Waits until the app server revokes this client while it has a blob open. */
    public void awaitRevocation() throws InterruptedException {
        log.awaitRevocation();
    }

    /** Leaves every swarm and releases everything, within 2 s. Idempotent. */
    @Override
    public void close() {
        runnel.close();
        adapters.close();
    }
}
