package io.runnel;

import io.runnel.engine.BlobReader;
import io.runnel.engine.BlobSession;
import io.runnel.engine.ReadMode;
import io.runnel.fetch.Playback;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The readers of one handle to a blob. They end with it, though the blob goes on where other handles have it open. */
final class OpenReaders implements AutoCloseable {
    private final BlobSession session;
    private final Set<BlobReader> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    OpenReaders(BlobSession session) {
        this.session = session;
    }

    BlobReader open(ReadMode mode) {
        return open(mode, new Playback(), () -> {});
    }

    /**
     * A new reader, closed already where the handle is.
     *
     * @param onClose run once the reader is closed
     */
    BlobReader open(ReadMode mode, Playback playback, Runnable onClose) {
        BlobReader reader = session.reader(mode, playback, closing -> {
            open.remove(closing);
            onClose.run();
        });
        open.add(reader);
        if (closed) {
            reader.close();
        }
        return reader;
    }

    /** Any thread; idempotent. */
    @Override
    public void close() {
        closed = true;
        open.forEach(BlobReader::close);
    }
}
