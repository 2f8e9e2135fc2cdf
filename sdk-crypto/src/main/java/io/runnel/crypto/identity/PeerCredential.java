package io.runnel.crypto.identity;

import io.runnel.crypto.CollectionScope;
import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.CredentialException.Reason;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What the app server says of a peer: this key may enter the swarms of this collection for a few minutes.
 *
 * <p>Layout, big-endian: magic {@code RNP1}, flags 1 (bit 0: may upload), serial 16, peer key 32, scope 32, not before 8,
 * not after 8, signature of the issuer 64.
 *
 * @param mayUpload whether others may fetch from it
 * @param serial by which it can be revoked
 * @param peerKey the peer's own key, fresh for each session
 * @param scope the collection
 * @param notBeforeMillis its start, in milliseconds since 1970 by the server's clock, 0 or more; issuers set it a little
 *     back, for the clocks of peers differ
 * @param notAfterMillis its end, at most ten minutes after its start
 */
public record PeerCredential(
        boolean mayUpload,
        CredentialSerial serial,
        VerifyingKey peerKey,
        CollectionScope scope,
        long notBeforeMillis,
        long notAfterMillis) {
    /** Length of an encoded credential in bytes. */
    public static final int BYTES = 165;

    /** The longest time a credential may be valid, in milliseconds. */
    public static final long MAX_VALIDITY_MILLIS = 600_000;

    private static final int MAGIC = 0x524E5031;
    private static final byte MAY_UPLOAD = 1;
    private static final int SIGNED_BYTES = BYTES - SigningIdentity.SIGNATURE_BYTES;
    private static final String CONTEXT = "runnel 2026 peer credential v1";

    /** Rejects a validity that is negative, empty or longer than ten minutes. */
    public PeerCredential {
        if (!validTimes(notBeforeMillis, notAfterMillis)) {
            throw new IllegalArgumentException("notAfterMillis: must be up to ten minutes after notBeforeMillis");
        }
    }

    /** The encoding, signed: {@link #BYTES} bytes. */
    public byte[] issue(SigningIdentity issuer) {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.putInt(MAGIC).put(mayUpload ? MAY_UPLOAD : 0).put(serial.bytes());
        out.put(peerKey.bytes()).put(scope.bytes());
        out.putLong(notBeforeMillis).putLong(notAfterMillis);
        out.put(issuer.sign(CONTEXT, Arrays.copyOf(out.array(), SIGNED_BYTES)));
        return out.array();
    }

    /**
     * Reads a credential that anyone may have sent.
     *
     * @param nowMillis the server's time in milliseconds since 1970
     * @return the credential, authentic and valid now; whether its scope and key are the right ones is for the caller
     * @throws CredentialException with the first check that failed
     */
    public static PeerCredential verify(byte[] encoded, VerifyingKey issuer, long nowMillis)
            throws CredentialException {
        PeerCredential credential = parse(encoded);
        byte[] signed = Arrays.copyOf(encoded, SIGNED_BYTES);
        byte[] signature = Arrays.copyOfRange(encoded, SIGNED_BYTES, BYTES);
        check(SigningIdentity.verify(issuer, signature, CONTEXT, signed), Reason.BAD_SIGNATURE);
        check(nowMillis >= credential.notBeforeMillis, Reason.NOT_YET_VALID);
        check(nowMillis < credential.notAfterMillis, Reason.EXPIRED);
        return credential;
    }

    private static PeerCredential parse(byte[] encoded) throws CredentialException {
        check(encoded.length == BYTES, Reason.MALFORMED);
        ByteBuffer in = ByteBuffer.wrap(encoded);
        int magic = in.getInt();
        byte flags = in.get();
        check(magic == MAGIC && (flags & ~MAY_UPLOAD) == 0, Reason.MALFORMED);
        CredentialSerial serial = CredentialSerial.of(take(in, CredentialSerial.BYTES));
        VerifyingKey peerKey = VerifyingKey.of(take(in, VerifyingKey.BYTES));
        CollectionScope scope = CollectionScope.of(take(in, CollectionScope.BYTES));
        long notBeforeMillis = in.getLong();
        long notAfterMillis = in.getLong();
        check(validTimes(notBeforeMillis, notAfterMillis), Reason.MALFORMED);
        return new PeerCredential(flags == MAY_UPLOAD, serial, peerKey, scope, notBeforeMillis, notAfterMillis);
    }

    private static boolean validTimes(long notBeforeMillis, long notAfterMillis) {
        return notBeforeMillis >= 0
                && notAfterMillis > notBeforeMillis
                && notAfterMillis - notBeforeMillis <= MAX_VALIDITY_MILLIS;
    }

    private static byte[] take(ByteBuffer in, int count) {
        byte[] out = new byte[count];
        in.get(out);
        return out;
    }

    private static void check(boolean holds, Reason otherwise) throws CredentialException {
        if (!holds) {
            throw new CredentialException(otherwise);
        }
    }
}
