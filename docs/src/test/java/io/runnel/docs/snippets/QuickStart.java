package io.runnel.docs.snippets;

import io.runnel.Blob;
import io.runnel.Runnel;
import io.runnel.crypto.BlobId;
import io.runnel.crypto.identity.SigningIdentity;
import io.runnel.http.HttpOrigin;
import io.runnel.http.KeysChannel;
import io.runnel.http.TlsSettings;
import io.runnel.http.TlsWebSocketConnector;
import io.runnel.p2p.WebRtcSwarm;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/** The README's example. */
final class QuickStart {
    private QuickStart() {}

    static void download(String id, String client, String token, Path target) throws IOException {
        // snippet: example
        SigningIdentity peer = SigningIdentity.generate();
        TlsWebSocketConnector websockets = new TlsWebSocketConnector(TlsSettings.defaults());
        KeysChannel keys = KeysChannel.builder(URI.create("https://app.example.com"), client, () -> token)
                .connector(websockets)
                .peerKey(peer.publicKey())
                .build();
        HttpOrigin origin =
                HttpOrigin.at(URI.create("https://cdn.example.com"), "blobs").build();
        WebRtcSwarm swarm = WebRtcSwarm.builder()
                .tracker(URI.create("wss://app.example.com/cdn/swarm/v1"))
                .connector(websockets)
                .identity(peer)
                .admission(keys)
                .build();
        Runnel runnel =
                Runnel.builder().keySource(keys).source(origin).source(swarm).build();
        try (peer;
                websockets;
                runnel;
                Blob blob = runnel.open(BlobId.parse(id))) {
            blob.downloadTo(target);
        }
        // end
    }
}
