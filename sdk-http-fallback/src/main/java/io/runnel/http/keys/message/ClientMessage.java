package io.runnel.http.keys.message;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.VerifyingKey;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a client says on the keys channel. */
public sealed interface ClientMessage extends KeysMessage {
    /** Calls the method of {@code receiver} that is for this message. */
    void deliverTo(Receiver receiver);

    /** One method for each message. */
    interface Receiver {
        /** Takes a {@code hello}. */
        void hello(Hello message);

        /** Takes a {@code play}. */
        void play(Play message);

        /** Takes a {@code credential} request. */
        void credential(RenewCredential message);

        /** Takes a {@code ping}. */
        void ping();
    }

    /**
     * The first message of a client: who it is.
     *
     * @param client the name the app server knows the client by: 1 to 128 of {@code [A-Za-z0-9._-]}
     * @param token what proves it: 1 to 8192 visible ASCII characters; owned by the message
     * @param peerKey the session's peer key, where the client wants to enter swarms
     * @param clock the client's wall clock in milliseconds since 1970
     */
    record Hello(String client, SecretBytes token, Optional<VerifyingKey> peerKey, long clock)
            implements ClientMessage {
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");

        /** Rejects a malformed name or token. */
        public Hello {
            if (!NAME.matcher(client).matches()) {
                throw new IllegalArgumentException("client: must be 1 to 128 characters of [A-Za-z0-9._-]");
            }
            Bounds.token(token);
            Bounds.number("clock", clock);
        }

        @Override
        public void deliverTo(Receiver receiver) {
            receiver.hello(this);
        }

        @Override
        public void close() {
            token.close();
        }
    }

    /**
     * Asks for the envelope of a blob.
     *
     * @param request the client's number for this request, 0 to 2^53 - 1; the answer carries it
     * @param blobId which blob
     */
    record Play(long request, BlobId blobId) implements ClientMessage {
        /** Rejects a number out of range. */
        public Play {
            Bounds.number("request", request);
        }

        @Override
        public void deliverTo(Receiver receiver) {
            receiver.play(this);
        }
    }

    /**
     * Asks for a fresh peer credential for the peer key of {@code hello}.
     *
     * @param request the client's number for this request, 0 to 2^53 - 1; the answer carries it
     */
    record RenewCredential(long request) implements ClientMessage {
        /** Rejects a number out of range. */
        public RenewCredential {
            Bounds.number("request", request);
        }

        @Override
        public void deliverTo(Receiver receiver) {
            receiver.credential(this);
        }
    }

    /** Asks for a {@code pong} with the server's time. */
    record Ping() implements ClientMessage {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.ping();
        }
    }

    /** A {@code hello} with or without a peer key. */
    static Hello hello(String client, SecretBytes token, @Nullable VerifyingKey peerKey, long clock) {
        return new Hello(client, token, Optional.ofNullable(peerKey), clock);
    }
}
