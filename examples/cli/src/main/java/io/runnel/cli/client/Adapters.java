package io.runnel.cli.client;

import io.runnel.Runnel;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.http.HttpOrigin;
import io.runnel.http.KeysChannel;
import io.runnel.http.TlsSettings;
import io.runnel.http.TlsWebSocketConnector;
import io.runnel.p2p.WebRtcSwarm;
import io.runnel.sharing.SharingControl;
import io.runnel.sharing.UploadPolicy;
import java.io.IOException;

/**
 * The adapters of one server, put together: the keys channel, the origin and the swarm. A client's builder takes those
 * over and its client closes them; what they share is closed here, after the client.
 */
final class Adapters implements AutoCloseable {
    /** Where the dev server's origin keeps blobs. */
    private static final String BUCKET = "blobs";

    private final TlsSettings tls;
    private final TlsWebSocketConnector connector;
    private final SigningIdentity identity = SigningIdentity.generate();

    Adapters(ServerAccess access) throws IOException {
        this.tls = TlsSettings.builder().trustPem(access.authority()).build();
        this.connector = new TlsWebSocketConnector(tls);
    }

    /** Hands the builder what the settings allow. */
    void attach(Runnel.Builder builder, ServerAccess access, SessionSettings settings) {
        KeysChannel keys = KeysChannel.builder(access.server(), access.client(), access::token)
                .connector(connector)
                .peerKey(identity.publicKey())
                .build();
        builder.keySource(keys);
        if (settings.origin()) {
            builder.source(HttpOrigin.at(access.server(), BUCKET).tls(tls).build());
        }
        if (settings.peers() != SessionSettings.Peers.NONE) {
            builder.source(WebRtcSwarm.builder()
                    .tracker(access.server())
                    .connector(connector)
                    .identity(identity)
                    .admission(keys)
                    .sharing(sharing(settings))
                    .build());
        }
    }

    private static SharingControl sharing(SessionSettings settings) {
        boolean agreed = settings.peers() == SessionSettings.Peers.SHARE;
        return SharingControl.builder()
                .policy(UploadPolicy.builder().consented(agreed).build())
                .build();
    }

    /** Ends what the adapters shared. Idempotent. */
    @Override
    public void close() {
        connector.close();
        identity.close();
    }
}
