package io.runnel.source;

import io.runnel.crypto.BlobId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Finds scripted sources: those it was given before, and those it is given while a blob is attached. */
public final class ScriptedProvider implements SourceProvider {
    private final SourceInfo.Kind kind;
    private final List<ScriptedSource> sources = new ArrayList<>();
    private final List<Listener> attached = new CopyOnWriteArrayList<>();
    private final Map<BlobId, SharedBlob> shared = new ConcurrentHashMap<>();
    private final Set<SourceInfo> banned = ConcurrentHashMap.newKeySet();
    private Seat seat;
    private volatile boolean closed;

    /** A provider of one kind of sources. */
    public ScriptedProvider(SourceInfo.Kind kind) {
        this.kind = kind;
    }

    /** Adds a source that behaves as scripted; its id is the kind and the name. */
    public synchronized ScriptedSource add(String name, TestBlob blob, ScriptedSource.Script script) {
        SourceInfo info = new SourceInfo(kind.name().toLowerCase(java.util.Locale.ROOT) + ":" + name, kind);
        ScriptedSource source = new ScriptedSource(info, blob, script);
        sources.add(source);
        attached.forEach(listener -> listener.joined(source));
        return source;
    }

    /** Gives this member a seat, in blobs attached before and from now on. */
    public synchronized void seat(Seat given) {
        seat = given;
        attached.forEach(listener -> listener.seated(given));
    }

    /** Says whether sources may come, of blobs attached before. */
    public void sourcesMayCome(boolean may) {
        attached.forEach(listener -> listener.sourcesMayCome(may));
    }

    /** Makes a source leave. */
    public void leave(ScriptedSource source) {
        source.close();
        attached.forEach(listener -> listener.left(source));
    }

    /** Reports a source as misbehaving, then makes it leave. */
    public void misbehave(ScriptedSource source, String what) {
        attached.forEach(listener -> listener.misbehaved(source.info(), what));
        leave(source);
    }

    /** What the engine shares of a blob. */
    public SharedBlob shared(BlobId id) {
        return shared.get(id);
    }

    /** Whom the engine has banned. */
    public Set<SourceInfo> banned() {
        return banned;
    }

    /** How many blobs are attached now. */
    public int attachedBlobs() {
        return attached.size();
    }

    /** Whether the engine has closed it. */
    public boolean isClosed() {
        return closed;
    }

    @Override
    public SourceInfo.Kind kind() {
        return kind;
    }

    @Override
    public synchronized SharedBlob.Subscription attach(SharedBlob blob, Listener listener) {
        attached.add(listener);
        shared.put(blob.id(), blob);
        sources.forEach(listener::joined);
        if (seat != null) {
            listener.seated(seat);
        }
        return () -> attached.remove(listener);
    }

    @Override
    public void ban(SourceInfo source) {
        banned.add(source);
    }

    @Override
    public void close() {
        closed = true;
    }
}
