package io.runnel.p2p.webrtc;

import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One native factory, which is one native network thread, with its connections. Every received message leaves a little
 * memory behind until the factory is disposed, so after a bounded number of them it asks for its links to be replaced
 * and takes no new one; with the last link it goes. Fields without a word are owned by {@link #thread}.
 */
final class Factory {
    /** A factory without links is disposed, rather than kept for the next, once it received this many messages. */
    private static final long WORTH_DISPOSING = 4096;

    private final NativeThread thread = new NativeThread();
    private final Set<WebRtcLink> links = new HashSet<>();
    private final AtomicLong received = new AtomicLong();
    private final AtomicInteger load = new AtomicInteger();
    private final long messageLimit;
    private @Nullable PeerConnectionFactory handle;
    private @Nullable HeadlessAudioDeviceModule audio;
    private boolean retiring;

    /** @param messageLimit received messages after which the factory retires */
    Factory(long messageLimit) {
        this.messageLimit = messageLimit;
    }

    NativeThread thread() {
        return thread;
    }

    /** Whether the factory has received its share. From any thread. */
    boolean wornOut() {
        return received.get() >= messageLimit;
    }

    /** Connections it has, or was promised. From any thread. */
    int load() {
        return load.get();
    }

    /** A connection will be added. From any thread. */
    void promise() {
        load.incrementAndGet();
    }

    /** Counts a received message. From any thread. */
    void countReceived() {
        if (received.incrementAndGet() == messageLimit) {
            thread.execute(() -> List.copyOf(links).forEach(WebRtcLink::wear));
        }
    }

    /** The native factory, made at the first call. */
    PeerConnectionFactory handle() {
        PeerConnectionFactory made = handle;
        if (made == null) {
            audio = new HeadlessAudioDeviceModule();
            made = new PeerConnectionFactory(audio);
            handle = made;
        }
        return made;
    }

    void add(WebRtcLink link) {
        links.add(link);
        if (wornOut()) {
            link.wear();
        }
    }

    void remove(WebRtcLink link) {
        links.remove(link);
        load.decrementAndGet();
        thread.execute(this::rest);
    }

    /** Ends with its last link. From any thread. */
    void retire() {
        thread.execute(() -> {
            retiring = true;
            thread.execute(this::rest);
        });
    }

    /** Closes its links and ends. From any thread. */
    void close() {
        thread.execute(() -> {
            retiring = true;
            new ArrayList<>(links).forEach(WebRtcLink::closeNow);
            thread.execute(this::rest);
        });
    }

    /**
     * Without links it is disposed where that is worth it. Always a task of its own, behind what the callbacks of links
     * that ended have queued: it may be about their native objects, whose last call is made by the factory's threads.
     */
    private void rest() {
        if (!links.isEmpty()) {
            return;
        }
        if (retiring) {
            dispose();
            thread.stop();
        } else if (received.get() >= Math.min(WORTH_DISPOSING, messageLimit)) {
            dispose();
            received.set(0);
        }
    }

    /** Whether it has ended. From any thread. */
    boolean ended() {
        return thread.ended();
    }

    /** Waits for the end. From any thread but its own. */
    void awaitEnd(long millis) {
        try {
            thread.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void dispose() {
        if (handle != null) {
            handle.dispose();
            handle = null;
        }
        if (audio != null) {
            audio.dispose();
            audio = null;
        }
    }
}
