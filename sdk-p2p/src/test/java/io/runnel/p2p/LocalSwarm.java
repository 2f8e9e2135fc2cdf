package io.runnel.p2p;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.identity.CredentialSerial;
import io.runnel.crypto.identity.PeerCredential;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.crypto.identity.SwarmIds;
import io.runnel.keys.SwarmAdmission;
import io.runnel.keys.SwarmTicket;
import io.runnel.p2p.transport.PeerTransport;
import io.runnel.p2p.webrtc.WebRtcTransport;
import io.runnel.sharing.SharingControl;
import io.runnel.sharing.SharingMode;
import io.runnel.sharing.UploadPolicy;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** An app server's issuer, a tracker and any number of peers, in this process and over real WebRTC. */
final class LocalSwarm implements AutoCloseable {
    final SigningIdentity issuer;
    final SecretBytes collection;
    final LocalTracker tracker;
    private final List<Consumer<SharingMode>> modeListeners = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    LocalSwarm() {
        this(SigningIdentity.generate(), SecretBytes.random(32));
    }

    LocalSwarm(SigningIdentity issuer, SecretBytes collection) {
        this.issuer = issuer;
        this.collection = collection;
        this.tracker = new LocalTracker(issuer.publicKey());
    }

    /** One peer. */
    record Member(WebRtcSwarm swarm, SigningIdentity identity) {
        String id() {
            return PeerSession.infoOf(identity.publicKey()).id();
        }
    }

    Member member() {
        return member(true);
    }

    Member member(boolean mayUpload) {
        return member(mayUpload, new WebRtcTransport(List.of()));
    }

    Member member(boolean mayUpload, PeerTransport transport) {
        return member(mayUpload, transport, consenting(), WebRtcSwarm.DEFAULT_MAX_PEERS);
    }

    Member member(PeerTransport transport, int maxPeers) {
        return member(true, transport, consenting(), maxPeers);
    }

    /** A control whose viewer has agreed to uploads without limits. */
    static SharingControl consenting() {
        return SharingControl.builder()
                .policy(UploadPolicy.builder().consented(true).build())
                .build();
    }

    Member member(SharingControl sharing) {
        return member(true, new WebRtcTransport(List.of()), sharing, WebRtcSwarm.DEFAULT_MAX_PEERS);
    }

    private Member member(boolean mayUpload, PeerTransport transport, SharingControl sharing, int maxPeers) {
        SigningIdentity identity = SigningIdentity.generate();
        WebRtcSwarm swarm = WebRtcSwarm.builder()
                .tracker(LocalTracker.ADDRESS)
                .connector(tracker)
                .identity(identity)
                .admission(admission(identity, mayUpload))
                .sharing(sharing)
                .maxPeers(maxPeers)
                .build(servers -> transport);
        open.add(swarm);
        return new Member(swarm, identity);
    }

    SwarmAdmission admission(SigningIdentity identity, boolean mayUpload) {
        return new SwarmAdmission() {
            @Override
            public CompletableFuture<SwarmTicket> ticket(BlobId blob) {
                return CompletableFuture.completedFuture(LocalSwarm.this.ticket(blob, identity, mayUpload));
            }

            @Override
            public void onMode(Consumer<SharingMode> listener) {
                modeListeners.add(listener);
            }
        };
    }

    private SwarmTicket ticket(BlobId blob, SigningIdentity identity, boolean mayUpload) {
        long now = System.currentTimeMillis();
        PeerCredential credential = new PeerCredential(
                mayUpload,
                CredentialSerial.random(),
                identity.publicKey(),
                SwarmIds.scope(collection),
                now - 30_000,
                now + 300_000);
        return new SwarmTicket(
                SwarmIds.of(collection, blob),
                ByteBuffer.wrap(credential.issue(issuer)),
                issuer.publicKey(),
                Instant.ofEpochMilli(now));
    }

    /** The app server says this to all its clients. */
    void serverMode(SharingMode mode) {
        modeListeners.forEach(listener -> listener.accept(mode));
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        tracker.close();
    }
}
