package io.runnel.http.origin;

import io.netty.channel.EventLoop;
import io.runnel.source.SharedBlob;
import io.runnel.source.SourceInfo;
import io.runnel.source.SourceProvider;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;

/** Attaches one source to each blob, at once. Safe for use on any thread. */
public final class OriginProvider implements SourceProvider {
    private final OriginPool pool;
    private final SourceInfo info;
    private final AppCallbacks app;
    private final boolean loopbackHttp;
    private final Set<Attachment> attachments = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** A provider with threads of its own, which start with the first request. */
    public OriginProvider(OriginSettings settings, OriginAddresses addresses) {
        this.pool = new OriginPool(settings);
        this.app = new AppCallbacks(addresses);
        this.loopbackHttp = settings.loopbackHttp();
        this.info = new SourceInfo(addresses.name(), SourceInfo.Kind.ORIGIN);
    }

    @Override
    public SourceInfo.Kind kind() {
        return SourceInfo.Kind.ORIGIN;
    }

    @Override
    public SharedBlob.Subscription attach(SharedBlob blob, Listener listener) {
        BlobFiles files = new BlobFiles(
                blob.sizeBytes(), () -> app.blob(blob.id()), () -> app.outboard(blob.id()), app::headers, loopbackHttp);
        Attachment attachment = new Attachment(files, listener);
        attachments.add(attachment);
        if (closed) {
            attachment.close();
        } else {
            attachment.join();
        }
        return attachment;
    }

    /** Does nothing: the origin serves all blobs, and the engine leaves it alone for the one it lied about. */
    @Override
    public void ban(SourceInfo source) {
        // One damaged file is no reason to give up all the others.
    }

    @Override
    public void close() {
        closed = true;
        attachments.forEach(Attachment::leave);
        pool.close();
    }

    /** One blob's source and who hears of it. */
    private final class Attachment implements SharedBlob.Subscription {
        private final OriginSource source;
        private final Listener listener;
        private final EventLoop loop = pool.nextLoop();
        private boolean joined;
        private volatile boolean ended;

        Attachment(BlobFiles files, Listener listener) {
            this.source = new OriginSource(pool, info, files, this::late);
            this.listener = listener;
        }

        void join() {
            hop(() -> {
                if (!ended) {
                    joined = true;
                    listener.joined(source);
                }
            });
        }

        private void late(long bytes) {
            hop(() -> {
                if (!ended) {
                    listener.late(bytes);
                }
            });
        }

        void leave() {
            source.detach();
            attachments.remove(this);
            hop(() -> {
                if (!ended && joined) {
                    listener.left(source);
                }
                ended = true;
            });
        }

        @Override
        public void close() {
            ended = true;
            attachments.remove(this);
            source.detach();
        }

        private void hop(Runnable task) {
            try {
                loop.execute(task);
            } catch (RejectedExecutionException e) {
                ended = true;
            }
        }
    }
}
