package io.runnel.http.keys.message;

import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.VerifyingKey;
import io.runnel.sharing.SharingMode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the app server says on the keys channel. */
public sealed interface ServerMessage extends KeysMessage {
    /** Calls the method of {@code receiver} that is for this message. */
    void deliverTo(Receiver receiver);

    /** One method for each message. */
    interface Receiver {
        /** Takes a {@code welcome}. */
        void welcome(Welcome message);

        /** Takes a pushed {@code epoch}. */
        void epoch(Epoch message);

        /** Takes an {@code envelope}. */
        void envelope(Envelope message);

        /** Takes a {@code credential}. */
        void credential(Credential message);

        /** Takes a {@code denied}. */
        void denied(Denied message);

        /** Takes a {@code revoked}. */
        void revoked(Revoked message);

        /** Takes a {@code mode}. */
        void mode(Mode message);

        /** Takes a {@code pong}. */
        void pong(Pong message);
    }

    /** Why a request was denied. */
    enum Denial {
        /** The app server does not know the blob. */
        NOT_FOUND,
        /** The client may not have it. */
        DENIED
    }

    /**
     * The answer to {@code hello}.
     *
     * @param session the server's name for this session: 1 to 64 of {@code [A-Za-z0-9_-]}
     * @param serverTime the server's clock in milliseconds since 1970
     * @param epochs the epochs the client may use now, at most 3
     * @param swarm what the client needs to enter swarms, where it gave a peer key and may
     */
    record Welcome(String session, long serverTime, List<Epoch> epochs, Optional<SwarmAccess> swarm)
            implements ServerMessage {
        private static final Pattern SESSION = Pattern.compile("[A-Za-z0-9_-]{1,64}");

        /** Rejects a malformed session, a time out of range and too many epochs. */
        public Welcome {
            if (!SESSION.matcher(session).matches()) {
                throw new IllegalArgumentException("session: must be 1 to 64 characters of [A-Za-z0-9_-]");
            }
            Bounds.number("serverTime", serverTime);
            epochs = List.copyOf(epochs);
            if (epochs.size() > KeysProtocol.MAX_EPOCHS) {
                throw new IllegalArgumentException(
                        "epochs: " + epochs.size() + ", must be at most " + KeysProtocol.MAX_EPOCHS);
            }
        }

        @Override
        public void deliverTo(Receiver receiver) {
            receiver.welcome(this);
        }

        @Override
        public void close() {
            epochs.forEach(Epoch::close);
            swarm.ifPresent(SwarmAccess::close);
        }
    }

    /**
     * One epoch and this client's key for it: pushed before each boundary, and listed in {@code welcome}. All times are
     * server time in milliseconds since 1970.
     *
     * @param id the epoch's number
     * @param notBefore when the epoch starts
     * @param notAfter when it ends, after {@code notBefore}
     * @param graceUntil until when its envelopes still open: {@code notAfter}, or up to one epoch later
     * @param key the client epoch key, 32 bytes; owned by the message
     */
    record Epoch(long id, long notBefore, long notAfter, long graceUntil, SecretBytes key) implements ServerMessage {
        /** Rejects numbers out of range or order and a key of another length. */
        public Epoch {
            Bounds.number("id", id);
            Bounds.number("notBefore", notBefore);
            Bounds.number("graceUntil", graceUntil);
            if (notBefore >= notAfter || notAfter > graceUntil) {
                throw new IllegalArgumentException("epoch times: must be notBefore < notAfter <= graceUntil");
            }
            if (graceUntil - notAfter > notAfter - notBefore) {
                throw new IllegalArgumentException("graceUntil: must be at most one epoch after notAfter");
            }
            Bounds.secret32("key", key);
        }

        @Override
        public void deliverTo(Receiver receiver) {
            receiver.epoch(this);
        }

        @Override
        public void close() {
            key.close();
        }
    }

    /**
     * What a client needs to enter swarms; part of {@code welcome}.
     *
     * @param collectionSecret 32 bytes that name the collection's swarms; owned by the message
     * @param issuerKey signs the credentials of all members
     * @param credential the encoded peer credential, 1 to 1024 bytes, read-only; duplicate it before moving its position
     * @param credentialNotAfter when the credential ends, server time in milliseconds since 1970
     */
    record SwarmAccess(
            SecretBytes collectionSecret, VerifyingKey issuerKey, ByteBuffer credential, long credentialNotAfter)
            implements AutoCloseable {
        /** Rejects lengths and numbers out of range. */
        public SwarmAccess {
            Bounds.secret32("collectionSecret", collectionSecret);
            credential = Bounds.sealed("credential", credential);
            Bounds.number("credentialNotAfter", credentialNotAfter);
        }

        @Override
        public void close() {
            collectionSecret.close();
        }
    }

    /**
     * The answer to {@code play}.
     *
     * @param request the number of the request
     * @param envelope the epoch envelope, 1 to 1024 bytes, read-only; duplicate it before moving its position
     */
    record Envelope(long request, ByteBuffer envelope) implements ServerMessage {
        /** Rejects lengths and numbers out of range. */
        public Envelope {
            Bounds.number("request", request);
            envelope = Bounds.sealed("envelope", envelope);
        }

        @Override
        public void deliverTo(Receiver receiver) {
            receiver.envelope(this);
        }
    }

    /**
     * The answer to a credential request.
     *
     * @param request the number of the request
     * @param credential the encoded peer credential, 1 to 1024 bytes, read-only; duplicate it before moving its position
     * @param notAfter when it ends, server time in milliseconds since 1970
     */
    record Credential(long request, ByteBuffer credential, long notAfter) implements ServerMessage {
        /** Rejects lengths and numbers out of range. */
        public Credential {
            Bounds.number("request", request);
            credential = Bounds.sealed("credential", credential);
            Bounds.number("notAfter", notAfter);
        }

        @Override
        public void deliverTo(Receiver receiver) {
            receiver.credential(this);
        }
    }

    /**
     * A request is refused.
     *
     * @param request the number of the request
     * @param reason why
     */
    record Denied(long request, Denial reason) implements ServerMessage {
        /** Rejects a number out of range. */
        public Denied {
            Bounds.number("request", request);
        }

        @Override
        public void deliverTo(Receiver receiver) {
            receiver.denied(this);
        }
    }

    /**
     * This client is revoked; the server closes with 4403 next.
     *
     * @param lastEpoch the last epoch whose key the client was given
     */
    record Revoked(long lastEpoch) implements ServerMessage {
        /** Rejects a number out of range. */
        public Revoked {
            Bounds.number("lastEpoch", lastEpoch);
        }

        @Override
        public void deliverTo(Receiver receiver) {
            receiver.revoked(this);
        }
    }

    /**
     * How far all clients may go with their peers from now on, until the next such message.
     *
     * @param mode each client keeps to the stricter of this one and its app's
     */
    record Mode(SharingMode mode) implements ServerMessage {
        @Override
        public void deliverTo(Receiver receiver) {
            receiver.mode(this);
        }
    }

    /**
     * The answer to {@code ping}.
     *
     * @param serverTime the server's clock in milliseconds since 1970
     */
    record Pong(long serverTime) implements ServerMessage {
        /** Rejects a number out of range. */
        public Pong {
            Bounds.number("serverTime", serverTime);
        }

        @Override
        public void deliverTo(Receiver receiver) {
            receiver.pong(this);
        }
    }
}
