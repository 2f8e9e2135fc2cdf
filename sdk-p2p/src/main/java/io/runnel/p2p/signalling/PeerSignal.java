package io.runnel.p2p.signalling;

import io.runnel.crypto.SwarmId;
import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.PeerCredential;
import io.runnel.crypto.identity.SigningIdentity;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one peer sends another through the tracker, inside a signal's payload: big-endian, magic {@code RNS1}, kind 1, and
 * for a description credential 165, addressee 32, session 16, time 8 (server's clock, ms), nonce 16, length of the SDP 2,
 * SDP, signature 64.
 *
 * <p>The signature is the peer key's over the swarm id and every byte before the signature. An invitation and a refusal
 * have no more than magic and kind: the worst a forged one does is what a tracker can do anyway.
 */
record PeerSignal(Kind kind, @Nullable Description description) {
    /** The longest payload in bytes. */
    static final int MAX_BYTES = 5 + PeerCredential.BYTES + 32 + SessionId.BYTES + 8 + 16 + 2 + Sdp.MAX_BYTES + 64;

    private static final int MAGIC = 0x524E5331;
    private static final int NONCE_BYTES = 16;
    private static final String CONTEXT = "runnel 2026 peer description v1";

    /** The sorts of signals, numbered as on the wire. */
    enum Kind {
        INVITE(1),
        OFFER(2),
        ANSWER(3),
        BUSY(4);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        boolean describes() {
            return this == OFFER || this == ANSWER;
        }
    }

    /** A description as it came: nothing of it is checked but its form. */
    record Description(
            ByteBuffer credential,
            VerifyingKey to,
            SessionId session,
            long timeMillis,
            String sdp,
            ByteBuffer signed,
            ByteBuffer signature) {}

    static ByteBuffer bare(Kind kind) {
        return ByteBuffer.allocate(5).putInt(MAGIC).put((byte) kind.code).flip();
    }

    /** A description of this side's, signed. */
    static ByteBuffer describe(
            Kind kind, SwarmId swarm, ByteBuffer credential, Addressed content, SigningIdentity identity) {
        byte[] sdp = content.sdp().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer.allocate(MAX_BYTES - Sdp.MAX_BYTES + sdp.length);
        out.putInt(MAGIC).put((byte) kind.code).put(credential.duplicate());
        out.put(content.to().bytes());
        content.session().write(out);
        out.putLong(content.timeMillis()).put(content.nonce().duplicate());
        out.putShort((short) sdp.length).put(sdp);
        byte[] signed = Arrays.copyOf(out.array(), out.position());
        return out.put(identity.sign(CONTEXT, swarm.bytes(), signed)).flip();
    }

    /** What a description says, to whom. */
    record Addressed(VerifyingKey to, SessionId session, long timeMillis, ByteBuffer nonce, String sdp) {}

    /** Whether the key signed the description for this swarm. */
    static boolean signedBy(VerifyingKey key, SwarmId swarm, Description description) {
        return SigningIdentity.verify(
                key, bytes(description.signature()), CONTEXT, swarm.bytes(), bytes(description.signed()));
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.duplicate().get(copy);
        return copy;
    }

    /** Reads a payload; null where it is none of ours, whatever it is. */
    static @Nullable PeerSignal read(ByteBuffer payload) {
        ByteBuffer in = payload.slice();
        try {
            Kind kind = in.remaining() <= MAX_BYTES && in.getInt() == MAGIC ? kind(in.get()) : null;
            if (kind == null) {
                return null;
            }
            Description description = kind.describes() ? description(in) : null;
            boolean whole = !in.hasRemaining() && kind.describes() == (description != null);
            return whole ? new PeerSignal(kind, description) : null;
        } catch (BufferUnderflowException e) {
            return null;
        }
    }

    private static @Nullable Kind kind(int code) {
        for (Kind kind : Kind.values()) {
            if (kind.code == code) {
                return kind;
            }
        }
        return null;
    }

    private static @Nullable Description description(ByteBuffer in) {
        ByteBuffer credential = take(in, PeerCredential.BYTES);
        VerifyingKey to = VerifyingKey.of(bytes(take(in, VerifyingKey.BYTES)));
        SessionId session = SessionId.read(in);
        long timeMillis = in.getLong();
        take(in, NONCE_BYTES);
        int sdpBytes = in.getShort() & 0xffff;
        if (sdpBytes > Sdp.MAX_BYTES) {
            return null;
        }
        String sdp = new String(bytes(take(in, sdpBytes)), StandardCharsets.ISO_8859_1);
        ByteBuffer signed = in.slice(0, in.position());
        return new Description(
                credential, to, session, timeMillis, sdp, signed, take(in, SigningIdentity.SIGNATURE_BYTES));
    }

    private static ByteBuffer take(ByteBuffer in, int count) {
        if (in.remaining() < count) {
            throw new BufferUnderflowException();
        }
        ByteBuffer out = in.slice(in.position(), count);
        in.position(in.position() + count);
        return out;
    }
}
