package io.runnel.p2p.webrtc;

import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCAnswerOptions;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCIceGatheringState;
import dev.onvoid.webrtc.RTCIceServer;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCPeerConnectionState;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import io.runnel.p2p.transport.PeerLink;
import io.runnel.source.PeerPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One native connection with one data channel. Every method but those of {@link PeerLink} runs on the factory's thread,
 * which owns all fields; native callbacks only hop there. Candidates are not trickled: the description goes out when
 * gathering is complete or has taken {@link #GATHERING_NANOS}. Where there is no server to ask, all candidates are there
 * at once, and what gathering then waits 100 ms for is nothing; so the description goes out when no candidate has come
 * for {@link #QUIET_NANOS}.
 */
final class WebRtcLink implements PeerLink, PeerConnectionObserver {
    private static final String LABEL = "cdn/blobs/v1";
    private static final long GATHERING_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** How long a connection may stay without an answer to its checks; libwebrtc itself waits half a minute. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Factory factory;
    private final List<RTCIceServer> iceServers;
    private final Listener listener;
    private @Nullable LoopbackOnly loopback;
    private @Nullable RTCPeerConnection connection;
    private @Nullable Channel channel;
    private int candidates;
    private boolean disconnected;
    private int connectionChanges;
    private boolean described;
    private boolean worn;
    private boolean closed;

    WebRtcLink(Factory factory, List<RTCIceServer> iceServers, Listener listener) {
        this.factory = factory;
        this.iceServers = iceServers;
        this.listener = listener;
    }

    /** Begins, as the side that answers where there is an offer. From any thread, once. */
    void start(@Nullable String remoteOffer) {
        factory.thread()
                .execute(() -> attempt("cannot be set up", () -> {
                    factory.add(this);
                    RTCPeerConnection made = factory.handle().createPeerConnection(configuration(), this);
                    connection = made;
                    if (remoteOffer == null) {
                        adopt(made.createDataChannel(LABEL, new RTCDataChannelInit()));
                        made.createOffer(new RTCOfferOptions(), created());
                    } else {
                        RTCSessionDescription offer = new RTCSessionDescription(RTCSdpType.OFFER, remoteOffer);
                        made.setRemoteDescription(
                                offer, done(() -> live().createAnswer(new RTCAnswerOptions(), created())));
                    }
                }));
    }

    @Override
    public void answered(String remoteAnswer) {
        onThread(() -> live().setRemoteDescription(
                        new RTCSessionDescription(RTCSdpType.ANSWER, remoteAnswer), done(() -> {})));
    }

    @Override
    public void send(List<ByteBuffer> parts) {
        onThread(() -> {
            if (channel != null && channel.queue(parts)) {
                factory.thread().poll(channel);
            }
        });
    }

    @Override
    public void close() {
        factory.thread().execute(this::closeNow);
    }

    void closeNow() {
        end("closed on this side");
    }

    /** Asks once for the link to be replaced. */
    void wear() {
        if (!worn && !closed) {
            worn = true;
            listener.wornOut();
        }
    }

    private RTCConfiguration configuration() throws IOException {
        RTCConfiguration configuration = new RTCConfiguration();
        configuration.iceServers = iceServers;
        configuration.portAllocatorConfig.setDisableTcp(true);
        if (LoopbackOnly.applies()) {
            loopback = LoopbackOnly.configure(configuration.portAllocatorConfig);
        }
        return configuration;
    }

    /** Once for each time it connects: a report costs far more than a message. */
    private void findPath() {
        live().getStats(report -> {
            PeerPath path = SelectedPair.path(report);
            onThread(() -> listener.pathFound(path));
        });
    }

    private void adopt(RTCDataChannel opened) {
        Channel adopted = new Channel(opened, factory, listener, this::onThread, this::end);
        channel = adopted;
        adopted.start();
    }

    private void describe() {
        if (described) {
            return;
        }
        described = true;
        String sdp = live().getLocalDescription().sdp;
        listener.described(loopback == null ? sdp : loopback.complete(sdp));
    }

    /** The connection; only asked for where {@link #onThread} has seen that it is there. */
    RTCPeerConnection live() {
        if (connection == null) {
            throw new IllegalStateException("link has ended");
        }
        return connection;
    }

    private void end(String why) {
        if (closed) {
            return;
        }
        closed = true;
        if (channel != null) {
            channel.close();
            channel = null;
        }
        if (connection != null) {
            ConnectionMemory.close(connection);
            connection = null;
        }
        factory.remove(this);
        listener.closed(why);
    }

    /** Hops to the factory's thread; what comes after the end is dropped. From any thread. */
    void onThread(Runnable task) {
        factory.thread().execute(() -> {
            if (!closed && connection != null) {
                attempt("a call failed", task::run);
            }
        });
    }

    private interface NativeCall {
        void run() throws Exception;
    }

    private void attempt(String what, NativeCall call) {
        try {
            call.run();
        } catch (Exception | Error e) {
            // The library throws plain Errors, for a description it cannot read for one.
            end(what + ": " + e.getClass().getSimpleName());
        }
    }

    // Native callbacks.

    @Override
    public void onIceCandidate(RTCIceCandidate candidate) {
        if (iceServers.isEmpty()) {
            onThread(() -> {
                int count = ++candidates;
                factory.thread()
                        .after(
                                QUIET_NANOS,
                                () -> onThread(() -> {
                                    if (count == candidates) {
                                        describe();
                                    }
                                }));
            });
        }
    }

    @Override
    public void onIceGatheringChange(RTCIceGatheringState state) {
        if (state == RTCIceGatheringState.COMPLETE) {
            onThread(this::describe);
        }
    }

    @Override
    public void onConnectionChange(RTCPeerConnectionState state) {
        onThread(() -> {
            disconnected = state == RTCPeerConnectionState.DISCONNECTED;
            int count = ++connectionChanges;
            if (disconnected) {
                factory.thread()
                        .after(
                                SILENCE_NANOS,
                                () -> onThread(() -> {
                                    if (disconnected && count == connectionChanges) {
                                        end("the other side went silent");
                                    }
                                }));
            } else if (state == RTCPeerConnectionState.CONNECTED) {
                findPath();
            } else if (state == RTCPeerConnectionState.FAILED || state == RTCPeerConnectionState.CLOSED) {
                end("the connection failed");
            }
        });
    }

    @Override
    public void onDataChannel(RTCDataChannel opened) {
        factory.thread().execute(() -> {
            if (!closed && channel == null && opened.getLabel().equals(LABEL)) {
                adopt(opened);
                return;
            }
            if (!closed) {
                listener.misbehaved("opened a channel that was not agreed on");
                // As long as the connection lives, what is sent on the channel is kept for a reader who never comes.
                end("the other side opened a channel that was not agreed on");
            }
            letGo(opened);
        });
    }

    private static void letGo(RTCDataChannel opened) {
        try {
            opened.dispose();
        } catch (Error e) {
            // The callback that brought it has not returned yet, and lets go of it last.
        }
    }

    private CreateSessionDescriptionObserver created() {
        return new CreateSessionDescriptionObserver() {
            @Override
            public void onSuccess(RTCSessionDescription description) {
                onThread(() -> live().setLocalDescription(
                                description,
                                done(() -> factory.thread()
                                        .after(GATHERING_NANOS, () -> onThread(WebRtcLink.this::describe)))));
            }

            @Override
            public void onFailure(String error) {
                onThread(() -> end("no description could be made"));
            }
        };
    }

    private SetSessionDescriptionObserver done(Runnable next) {
        return new SetSessionDescriptionObserver() {
            @Override
            public void onSuccess() {
                onThread(next);
            }

            @Override
            public void onFailure(String error) {
                onThread(() -> end("a description was refused"));
            }
        };
    }
}
