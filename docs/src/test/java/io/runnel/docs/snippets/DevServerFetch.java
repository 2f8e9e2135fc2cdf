package io.runnel.docs.snippets;

// snippet: fetch
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
import java.nio.file.Files;
import java.nio.file.Path;

public final class DevServerFetch {
    public static void main(String[] arguments) throws IOException {
        URI server = URI.create(arguments[0]);
        Path state = Path.of(arguments[1]);
        String token = Files.readString(state.resolve("client.token")).strip();
        TlsSettings tls =
                TlsSettings.builder().trustPem(state.resolve("ca.pem")).build();

        SigningIdentity peer = SigningIdentity.generate();
        TlsWebSocketConnector websockets = new TlsWebSocketConnector(tls);
        KeysChannel keys = KeysChannel.builder(server, "my-app", () -> token)
                .connector(websockets)
                .peerKey(peer.publicKey())
                .build();
        HttpOrigin origin = HttpOrigin.at(server, "blobs").tls(tls).build();
        WebRtcSwarm swarm = WebRtcSwarm.builder()
                .tracker(server)
                .connector(websockets)
                .identity(peer)
                .admission(keys)
                .build();
        Runnel runnel =
                Runnel.builder().keySource(keys).source(origin).source(swarm).build();
        try (peer;
                websockets;
                runnel;
                Blob blob = runnel.open(BlobId.parse(arguments[2]))) {
            blob.downloadTo(Path.of(arguments[3]));
            System.out.println(blob.stats().bytesBySource());
        }
    }
}
// end
