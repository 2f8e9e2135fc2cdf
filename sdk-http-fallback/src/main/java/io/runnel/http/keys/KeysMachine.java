package io.runnel.http.keys;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.ClientId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.keys.ClientIds;
import io.runnel.crypto.keys.EpochKeyring;
import io.runnel.http.keys.Standing.Phase;
import io.runnel.http.keys.message.ClientMessage;
import io.runnel.http.keys.message.KeysProtocol;
import io.runnel.keys.KeyException;
import io.runnel.keys.KeyException.Reason;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The client side of the keys channel as a pure state machine: inputs come with the time, effects go to a sink, and
 * {@link #nextWakeMillis} says when {@link #tick} is due. Times are milliseconds of any clock that never runs backwards;
 * it need not be the wall clock. Not thread-safe.
 *
 * <p>CONNECTING -> GREETING (hello sent) -> OPEN; from each of them to PAUSING when the channel fails, and back to
 * CONNECTING after a delay. ENDED is final: by {@link #close}, or because the server shut the client out.
 */
public final class KeysMachine {
    /** The code of an end without a close frame (RFC 6455 section 7.4.1). */
    static final int BROKEN = 1006;

    /** The client's identity: its name, and its peer key where it wants to enter swarms. */
    public record Identity(String name, @Nullable VerifyingKey peerKey) {}

    private final Identity identity;
    private final KeysEffects effects;
    private final EpochKeyring keyring = new EpochKeyring();
    private final ServerClock clock = new ServerClock();
    private final Standing standing;
    private final Session session;
    private final GrantDesk grants;
    private final SwarmDesk swarms;
    private final Hearing hearing;
    private final Silence silence = new Silence();

    private KeyException.Reason endReason = Reason.CLOSED;

    /** A machine that does nothing before {@link #open}. */
    public KeysMachine(Identity identity, KeysLimits limits, RandomGenerator random, KeysEffects effects) {
        this.identity = identity;
        this.standing = new Standing(limits, random);
        this.session = new Session(standing, clock);
        this.effects = effects;
        ClientId client = ClientIds.ofName(identity.name());
        this.grants = new GrantDesk(session, effects, limits, keyring, client);
        this.swarms = new SwarmDesk(session, effects, limits);
        Hearing.Parts parts = new Hearing.Parts(standing, clock, keyring, grants, swarms);
        this.hearing = new Hearing(session, parts, effects, new HearingHost());
    }

    /** Starts connecting. */
    public void open(long now) {
        if (standing.is(Phase.NEW)) {
            connect(now);
        }
    }

    private void connect(long now) {
        standing.connecting(now);
        effects.connect();
    }

    /**
     * The channel is open.
     *
     * @param token belongs to the machine from now on
     * @param wallMillis the local wall clock in milliseconds since 1970, for the server's information
     */
    public void connected(SecretBytes token, long wallMillis, long now) {
        if (!standing.is(Phase.CONNECTING)) {
            token.close();
            return;
        }
        ClientMessage.Hello hello;
        try {
            hello = ClientMessage.hello(identity.name(), token, identity.peerKey(), wallMillis);
        } catch (IllegalArgumentException malformed) {
            token.close();
            noToken(String.valueOf(malformed.getMessage()), now);
            return;
        }
        standing.greeting(now);
        effects.send(hello);
    }

    /**
     * The channel is open, and the app gave no token, or one that cannot be one. Who waits hears of it at once; the next
     * connection asks for another.
     */
    public void noToken(String why, long now) {
        if (!standing.is(Phase.CONNECTING)) {
            return;
        }
        standing.tokenless(why);
        effects.disconnect(1000, "no token");
        grants.refuseAll(Reason.DENIED, why);
        swarms.refuseAll(Reason.DENIED, why);
        pause(false, now);
    }

    /** A message came. */
    public void message(String text, long now) {
        if (standing.is(Phase.GREETING) || standing.is(Phase.OPEN)) {
            silence.heard(now);
            hearing.hear(text, now);
        }
    }

    /** The channel ended. */
    public void closed(int code, long now) {
        if (standing.is(Phase.ENDED) || standing.is(Phase.PAUSING)) {
            return;
        }
        if (code == KeysProtocol.CLOSE_REVOKED) {
            shutOut(Reason.REVOKED, "this client was revoked");
        } else if (code == KeysProtocol.CLOSE_UNAUTHENTICATED) {
            shutOut(Reason.DENIED, "the app server does not accept this client's token: sign in again");
        } else {
            pause(code == KeysProtocol.CLOSE_TOO_MANY_SESSIONS || code == KeysProtocol.CLOSE_RATE, now);
        }
    }

    /**
     * The channel could not be opened.
     *
     * @param why it could not and what to do, for who waits for it; null where nobody knows
     */
    public void unreachable(@Nullable String why, long now) {
        standing.unreachable(why);
        closed(BROKEN, now);
    }

    private void pause(boolean asksForCalm, long now) {
        standing.pausing(asksForCalm, now);
        silence.over();
        grants.lost();
        swarms.lost(now);
    }

    private void violated(long now) {
        effects.disconnect(KeysProtocol.CLOSE_PROTOCOL, "protocol");
        pause(false, now);
    }

    /** The server sent more than can be read, of which some is missing. */
    public void flooded(long now) {
        if (standing.is(Phase.GREETING) || standing.is(Phase.OPEN)) {
            effects.disconnect(KeysProtocol.CLOSE_RATE, "too many messages");
            pause(true, now);
        }
    }

    private void shutOut(Reason reason, String message) {
        end(reason, message);
        effects.shutOut();
    }

    private void end(Reason reason, String message) {
        standing.ended();
        silence.over();
        endReason = reason;
        keyring.close();
        swarms.wipe();
        grants.refuseAll(reason, message);
        swarms.refuseAll(reason, message);
    }

    /** Asks for the key of a blob; answered under {@code id}. */
    public void grant(long id, BlobId blob, long now) {
        if (standing.is(Phase.ENDED)) {
            effects.refused(id, ended());
        } else {
            grants.ask(id, blob, now);
        }
    }

    /** Asks for admission to the swarm of a blob; answered under {@code id}. */
    public void ticket(long id, BlobId blob, long now) {
        if (standing.is(Phase.ENDED)) {
            effects.refused(id, ended());
        } else if (identity.peerKey() == null) {
            effects.refused(id, new KeyException(Reason.DENIED, "no peer key was given to the keys channel"));
        } else {
            swarms.ask(id, blob, now);
        }
    }

    /** Nobody waits for the answer any more: a request that has none yet will get none, and counts no longer. */
    public void withdraw(long id) {
        grants.withdraw(id);
        swarms.withdraw(id);
    }

    private KeyException ended() {
        return new KeyException(
                endReason,
                switch (endReason) {
                    case REVOKED -> "this client was revoked";
                    case DENIED -> "the app server does not accept this client's token: sign in again";
                    default -> "the keys channel is closed";
                });
    }

    /** Does what is due. */
    public void tick(long now) {
        if (standing.isOver(now)) {
            if (standing.is(Phase.PAUSING)) {
                connect(now);
            } else if (standing.is(Phase.CONNECTING)) {
                effects.disconnect(1000, "no longer wanted");
                unreachable("the channel connector gives no answer", now);
            } else {
                effects.disconnect(KeysProtocol.CLOSE_PROTOCOL, "no welcome");
                pause(false, now);
            }
        }
        if (silence.isTooLong(now)) {
            effects.disconnect(1000, "silence");
            pause(false, now);
        }
        boolean timeIsDue = standing.takePing(now);
        if (silence.takePing(askedAt(), now) || timeIsDue) {
            effects.send(new ClientMessage.Ping());
        }
        if (grants.tick(now)) {
            effects.disconnect(KeysProtocol.CLOSE_PROTOCOL, "no answer");
            pause(false, now);
        }
        swarms.tick(now);
        if (clock.isKnown()) {
            keyring.advance(session.serverMillis(now));
        }
    }

    /** When the oldest request without an answer was sent in this session. */
    private long askedAt() {
        return Math.min(grants.askedAt(), swarms.askedAt());
    }

    /** When {@link #tick} is due; {@link Long#MAX_VALUE} where it is not. */
    public long nextWakeMillis() {
        long desks = Math.min(grants.nextWakeMillis(), swarms.nextWakeMillis());
        long retirement = clock.isKnown()
                ? keyring.nextRetirementMillis().map(clock::localMillis).orElse(KeysSession.NEVER)
                : KeysSession.NEVER;
        long connection = Math.min(standing.nextWakeMillis(), silence.nextWakeMillis(askedAt()));
        return Math.min(connection, Math.min(desks, retirement));
    }

    /** Ends the channel for good and wipes every key. Idempotent. */
    public void close() {
        if (!standing.is(Phase.ENDED)) {
            end(Reason.CLOSED, "the keys channel was closed");
            effects.disconnect(1000, "closed");
        }
    }

    /** What the server says of the session itself. */
    private final class HearingHost implements Hearing.Host {
        @Override
        public void violated(long now) {
            KeysMachine.this.violated(now);
        }

        @Override
        public void revoked() {
            effects.disconnect(KeysProtocol.CLOSE_REVOKED, "revoked");
            shutOut(Reason.REVOKED, "this client was revoked");
        }
    }
}
