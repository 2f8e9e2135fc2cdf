package io.runnel.http.keys;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.SecretBytes;
import io.runnel.crypto.VerifyingKey;
import io.runnel.crypto.identity.SwarmIds;
import io.runnel.http.keys.message.ClientMessage.RenewCredential;
import io.runnel.http.keys.message.ServerMessage.SwarmAccess;
import io.runnel.keys.KeyException;
import io.runnel.keys.KeyException.Reason;
import io.runnel.keys.SwarmTicket;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Requests for tickets, and the credential they need: a new one is asked for when less than half its life remains. Part
 * of the machine: pure, one owner.
 */
final class SwarmDesk {
    private static final long NONE = -1;

    private final KeysSession session;
    private final KeysEffects effects;
    private final KeysLimits limits;
    private final Map<Long, BlobId> waiting = new LinkedHashMap<>();
    private long waitingUntil = KeysSession.NEVER;
    private boolean welcomed;
    private @Nullable Access access;
    private long renewal = NONE;
    private long renewalAskedAt;

    SwarmDesk(KeysSession session, KeysEffects effects, KeysLimits limits) {
        this.session = session;
        this.effects = effects;
        this.limits = limits;
    }

    /** What the last welcome and the last renewal gave; times are the server's. */
    private record Access(
            SecretBytes secret, VerifyingKey issuer, ByteBuffer credential, long givenMillis, long notAfterMillis) {
        boolean isFresh(long serverMillis) {
            return serverMillis < givenMillis + (notAfterMillis - givenMillis) / 2;
        }

        boolean isValid(long serverMillis) {
            return serverMillis < notAfterMillis;
        }
    }

    void ask(long id, BlobId blob, long now) {
        if (waiting.size() >= KeysLimits.MAX_WAITING) {
            refuse(id, Reason.UNAVAILABLE, "too many tickets are being asked for: wait for some answers");
            return;
        }
        if (waiting.isEmpty()) {
            waitingUntil = now + Math.max(limits.connectMillis(), limits.answerMillis());
        }
        waiting.put(id, blob);
        serve(now);
    }

    void withdraw(long id) {
        waiting.remove(id);
        if (waiting.isEmpty()) {
            waitingUntil = KeysSession.NEVER;
        }
    }

    void opened(Optional<SwarmAccess> given, long now) {
        wipe();
        welcomed = true;
        renewal = NONE;
        given.ifPresent(swarm -> access = new Access(
                swarm.collectionSecret().copy(),
                swarm.issuerKey(),
                swarm.credential(),
                session.serverMillis(now),
                swarm.credentialNotAfter()));
        serve(now);
    }

    void lost(long now) {
        renewal = NONE;
        serve(now);
    }

    void credential(long request, ByteBuffer credential, long notAfter, long now) {
        Access before = access;
        if (request == renewal && before != null) {
            renewal = NONE;
            access = new Access(before.secret(), before.issuer(), credential, session.serverMillis(now), notAfter);
            serveAll(now);
        }
    }

    void denied(long request, long now) {
        if (request == renewal) {
            renewal = NONE;
            serveAll(now);
        }
    }

    void tick(long now) {
        if (now >= waitingUntil) {
            renewal = NONE;
            serveAll(now);
        }
    }

    /** When the renewal was sent that tickets wait for; {@link KeysSession#NEVER} where none do. */
    long askedAt() {
        return renewal == NONE || waiting.isEmpty() ? KeysSession.NEVER : renewalAskedAt;
    }

    long nextWakeMillis() {
        return waitingUntil;
    }

    /** Answers what can be answered, and asks for a new credential where that is due. */
    private void serve(long now) {
        Access current = access;
        if (waiting.isEmpty() || (!welcomed && current == null)) {
            return;
        }
        long server = session.serverMillis(now);
        if (current != null && session.isOpen() && !current.isFresh(server)) {
            if (renewal == NONE) {
                renewal = session.nextRequest();
                renewalAskedAt = now;
                effects.send(new RenewCredential(renewal));
            }
        } else if (session.isOpen() || (current != null && current.isValid(server))) {
            serveAll(now);
        }
    }

    /** Answers everything with what there is. */
    private void serveAll(long now) {
        Access current = access;
        long server = session.serverMillis(now);
        waiting.forEach((id, blob) -> {
            if (current != null && current.isValid(server)) {
                effects.admitted(
                        id,
                        new SwarmTicket(
                                SwarmIds.of(current.secret(), blob),
                                current.credential(),
                                current.issuer(),
                                Instant.ofEpochMilli(server)));
            } else if (welcomed && current == null) {
                refuse(id, Reason.DENIED, "the app server admits this client to no swarm: give it a peer key");
            } else {
                effects.refused(id, welcomed ? late() : session.none());
            }
        });
        waiting.clear();
        waitingUntil = KeysSession.NEVER;
    }

    private static KeyException late() {
        return new KeyException(Reason.UNAVAILABLE, "the app server gave no credential in time: try again");
    }

    void refuseAll(Reason reason, String message) {
        waiting.keySet().forEach(id -> refuse(id, reason, message));
        waiting.clear();
        waitingUntil = KeysSession.NEVER;
    }

    void wipe() {
        Access current = access;
        if (current != null) {
            current.secret().close();
        }
        access = null;
    }

    private void refuse(long id, Reason reason, String message) {
        effects.refused(id, new KeyException(reason, message));
    }
}
