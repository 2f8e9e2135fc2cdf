package io.runnel.http.keys;

import io.runnel.crypto.BlobId;
import io.runnel.crypto.ClientId;
import io.runnel.crypto.keys.EnvelopeException;
import io.runnel.crypto.keys.Envelopes;
import io.runnel.crypto.keys.EpochKeyring;
import io.runnel.crypto.keys.OpenedEnvelope;
import io.runnel.http.keys.message.ClientMessage.Play;
import io.runnel.keys.BlobGrant;
import io.runnel.keys.KeyException;
import io.runnel.keys.KeyException.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests for grants from the asking to the answer. Part of the machine: pure, one owner. */
final class GrantDesk {
    private static final long UNSENT = -1;

    private final KeysSession session;
    private final KeysEffects effects;
    private final KeysLimits limits;
    private final EpochKeyring keyring;
    private final ClientId client;
    /** By the id the asker gave. */
    private final Map<Long, Waiting> waiting = new HashMap<>();

    GrantDesk(KeysSession session, KeysEffects effects, KeysLimits limits, EpochKeyring keyring, ClientId client) {
        this.session = session;
        this.effects = effects;
        this.limits = limits;
        this.keyring = keyring;
        this.client = client;
    }

    private static final class Waiting {
        final long id;
        final BlobId blob;
        long deadline;
        long request = UNSENT;
        long askedAt;
        boolean sentBefore;
        boolean askedAgain;
        /** An envelope whose epoch's key has not come. */
        byte @Nullable [] held;

        Waiting(long id, BlobId blob, long deadline) {
            this.id = id;
            this.blob = blob;
            this.deadline = deadline;
        }
    }

    void ask(long id, BlobId blob, long now) {
        if (waiting.size() >= KeysLimits.MAX_WAITING) {
            refuse(id, Reason.UNAVAILABLE, "too many keys are being asked for: wait for some answers");
            return;
        }
        Waiting added = new Waiting(id, blob, now + limits.connectMillis());
        waiting.put(id, added);
        if (session.isOpen()) {
            send(added, now);
        }
    }

    void withdraw(long id) {
        waiting.remove(id);
    }

    /** The session is open: asks for what was not asked for, and tries the envelopes that wait for a key. */
    void opened(long now) {
        for (Waiting each : List.copyOf(waiting.values())) {
            if (each.held == null) {
                send(each, now);
            }
        }
        keysChanged(now);
    }

    /** The session is lost: what was asked for is asked for again in the next. */
    void lost() {
        waiting.values().forEach(each -> each.request = UNSENT);
    }

    private void send(Waiting each, long now) {
        each.request = session.nextRequest();
        each.askedAt = now;
        if (!each.sentBefore) {
            each.sentBefore = true;
            each.deadline = now + limits.answerMillis();
        }
        effects.send(new Play(each.request, each.blob));
    }

    void envelope(long request, ByteBuffer envelope, long now) {
        Waiting found = byRequest(request);
        if (found != null) {
            byte[] bytes = new byte[envelope.remaining()];
            envelope.duplicate().get(bytes);
            open(found, bytes, now);
        }
    }

    void denied(long request, boolean notFound) {
        Waiting found = byRequest(request);
        if (found != null) {
            end(
                    found,
                    notFound ? Reason.NOT_FOUND : Reason.DENIED,
                    notFound
                            ? "the app server does not know blob " + found.blob
                            : "the app server refuses blob " + found.blob + " to this client");
        }
    }

    /** A key has come: tries the envelopes that wait for one. */
    void keysChanged(long now) {
        for (Waiting each : List.copyOf(waiting.values())) {
            byte[] held = each.held;
            if (held != null) {
                open(each, held, now);
            }
        }
    }

    private void open(Waiting each, byte[] envelope, long now) {
        OpenedEnvelope opened;
        try {
            opened = Envelopes.open(envelope, client, each.blob, keyring, session.serverMillis(now));
        } catch (EnvelopeException e) {
            refused(each, envelope, e.reason(), now);
            return;
        }
        waiting.remove(each.id);
        effects.granted(each.id, new BlobGrant(opened.blobKey(), opened.blobSizeBytes()));
    }

    private void refused(Waiting each, byte[] envelope, EnvelopeException.Reason why, long now) {
        boolean stale = why == EnvelopeException.Reason.EXPIRED || why == EnvelopeException.Reason.EPOCH_RETIRED;
        if (why == EnvelopeException.Reason.UNKNOWN_EPOCH && !each.askedAgain) {
            if (each.held == null) {
                each.held = envelope;
                each.request = UNSENT;
                each.deadline = now + limits.epochMillis();
            }
        } else if (stale && !each.askedAgain) {
            askAgain(each, now);
        } else {
            end(each, Reason.BAD_ENVELOPE, "the envelope of blob " + each.blob + " was refused: " + why);
        }
    }

    private void askAgain(Waiting each, long now) {
        each.askedAgain = true;
        each.held = null;
        each.request = UNSENT;
        each.deadline = now + limits.answerMillis();
        if (session.isOpen()) {
            send(each, now);
        }
    }

    /** Whether the session left a request without an answer: it may be dead, and nobody knows. */
    boolean tick(long now) {
        boolean unanswered = false;
        for (Waiting each : new ArrayList<>(waiting.values())) {
            if (now < each.deadline) {
                continue;
            }
            if (each.held != null) {
                askAgain(each, now);
            } else {
                unanswered |= each.request != UNSENT;
                waiting.remove(each.id);
                effects.refused(each.id, each.sentBefore ? late() : session.none());
            }
        }
        return unanswered;
    }

    private static KeyException late() {
        return new KeyException(Reason.UNAVAILABLE, "the app server did not answer in time: try again");
    }

    /** When the oldest request without an answer was sent in this session; {@link KeysSession#NEVER} where there is none. */
    long askedAt() {
        return waiting.values().stream()
                .filter(each -> each.request != UNSENT)
                .mapToLong(each -> each.askedAt)
                .min()
                .orElse(KeysSession.NEVER);
    }

    long nextWakeMillis() {
        return waiting.values().stream().mapToLong(each -> each.deadline).min().orElse(KeysSession.NEVER);
    }

    void refuseAll(Reason reason, String message) {
        for (Waiting each : List.copyOf(waiting.values())) {
            end(each, reason, message);
        }
    }

    private void end(Waiting each, Reason reason, String message) {
        waiting.remove(each.id);
        refuse(each.id, reason, message);
    }

    private void refuse(long id, Reason reason, String message) {
        effects.refused(id, new KeyException(reason, message));
    }

    private @Nullable Waiting byRequest(long request) {
        for (Waiting each : waiting.values()) {
            if (each.request == request) {
                return each;
            }
        }
        return null;
    }
}
