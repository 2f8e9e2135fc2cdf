package io.runnel.http.testing;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.ClientId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.keys.ClientIds;
import io.runnel.crypto.keys.EnvelopeHeader;
import io.runnel.crypto.keys.Envelopes;
import io.runnel.crypto.keys.EpochRoot;
import io.runnel.http.keys.message.KeysCodec;
import io.runnel.http.keys.message.ServerMessage.Credential;
import io.runnel.http.keys.message.ServerMessage.Denial;
import io.runnel.http.keys.message.ServerMessage.Denied;
import io.runnel.http.keys.message.ServerMessage.Envelope;
import io.runnel.http.keys.message.ServerMessage.Epoch;
import io.runnel.http.keys.message.ServerMessage.Mode;
import io.runnel.http.keys.message.ServerMessage.Pong;
import io.runnel.http.keys.message.ServerMessage.Revoked;
import io.runnel.http.keys.message.ServerMessage.SwarmAccess;
import io.runnel.http.keys.message.ServerMessage.Welcome;
import io.runnel.sharing.SharingMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Makes the messages an app server would send to one client, as JSON text. Epochs are 300 s from server time 0. */
public final class ScriptedAppServer {
    /** Length of an epoch. */
    public static final long EPOCH_MILLIS = 300_000;
    /** Length of the blob every envelope speaks of. */
    public static final long BLOB_BYTES = 4096;

    private final ClientId client;
    private final EpochRoot root = EpochRoot.of(SecretBytes.adopt(new byte[32]));
    private final SecretBytes blobKey = SecretBytes.adopt(new byte[] {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
        31, 32
    });

    /** For the client of this name. */
    public ScriptedAppServer(String clientName) {
        client = ClientIds.ofName(clientName);
    }

    /** The key in every envelope. */
    public SecretBytes blobKey() {
        return blobKey;
    }

    /** A welcome with these epochs. */
    public String welcome(long serverTime, long... epochs) {
        return KeysCodec.encode(new Welcome("s", serverTime, epochs(epochs), Optional.empty()));
    }

    /** A welcome with access to swarms. */
    public String welcome(long serverTime, long credentialNotAfter, String credential, long... epochs) {
        SwarmAccess swarm = new SwarmAccess(
                SecretBytes.adopt(new byte[32]),
                VerifyingKey.of(new byte[32]),
                ByteBuffer.wrap(credential.getBytes(StandardCharsets.UTF_8)),
                credentialNotAfter);
        return KeysCodec.encode(new Welcome("s", serverTime, epochs(epochs), Optional.of(swarm)));
    }

    private List<Epoch> epochs(long... ids) {
        return LongStream.of(ids).mapToObj(this::epochMessage).toList();
    }

    private Epoch epochMessage(long id) {
        long start = id * EPOCH_MILLIS;
        long end = start + EPOCH_MILLIS;
        return new Epoch(id, start, end, end + 30_000, root.clientEpochKey(id, client));
    }

    /** A push of an epoch. */
    public String epoch(long id) {
        return KeysCodec.encode(epochMessage(id));
    }

    /** An envelope of the blob under an epoch. */
    public String envelope(long request, BlobId blob, long epoch) {
        return envelope(request, blob, epoch, client, Long.MAX_VALUE);
    }

    /** An envelope for someone else. */
    public String envelopeFor(String other, long request, BlobId blob, long epoch) {
        return envelope(request, blob, epoch, ClientIds.ofName(other), Long.MAX_VALUE);
    }

    /** An envelope that ends then. */
    public String envelopeUntil(long notAfter, long request, BlobId blob, long epoch) {
        return envelope(request, blob, epoch, client, notAfter);
    }

    private String envelope(long request, BlobId blob, long epoch, ClientId to, long notAfter) {
        try (SecretBytes key = root.clientEpochKey(epoch, to)) {
            byte[] sealed = Envelopes.seal(new EnvelopeHeader(epoch, blob, to, notAfter, BLOB_BYTES), key, blobKey);
            return KeysCodec.encode(new Envelope(request, ByteBuffer.wrap(sealed)));
        }
    }

    /** A refusal. */
    public String denied(long request, Denial reason) {
        return KeysCodec.encode(new Denied(request, reason));
    }

    /** A new credential. */
    public String credential(long request, String credential, long notAfter) {
        byte[] bytes = credential.getBytes(StandardCharsets.UTF_8);
        return KeysCodec.encode(new Credential(request, ByteBuffer.wrap(bytes), notAfter));
    }

    /** The revocation. */
    public String revoked() {
        return KeysCodec.encode(new Revoked(1));
    }

    /** The mode for all clients. */
    public String mode(SharingMode mode) {
        return KeysCodec.encode(new Mode(mode));
    }

    /** A pong. */
    public String pong(long serverTime) {
        return KeysCodec.encode(new Pong(serverTime));
    }
}
